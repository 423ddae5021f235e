package winregistry

import (
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
)

// The data of a registry value has up to 1 MiB in every format that Windows
// knows for a hive, and text takes two bytes for each UTF-16 unit. The limits
// below are such that the envelope of legal names and a legal value always fits.
const (
	// MaxValue is the largest value in bytes. A larger one is
	// core.ErrTooLarge.
	MaxValue = 432 << 10

	// MaxKey is the length of the longest key, and MaxCollection that of the
	// longest collection, in bytes and as JSON text: a quotation mark, a
	// backslash and a control character count up to six. A longer one is
	// core.ErrInvalidKey.
	MaxKey        = 64 << 10
	MaxCollection = 8 << 10
)

// maxData is the size of the largest data in bytes, with the NUL at its end.
const maxData = 1 << 20

// checkName refuses names that are too long. The key may be empty.
func checkName(collection, key string) error {
	if longerThan(key, MaxKey) {
		return fmt.Errorf("%w: a key has at most %d bytes as JSON text", core.ErrInvalidKey, MaxKey)
	}
	if longerThan(collection, MaxCollection) {
		return fmt.Errorf("%w: a collection has at most %d bytes as JSON text", core.ErrInvalidKey, MaxCollection)
	}
	return nil
}

// longerThan reports whether the name as JSON text, without the quotation
// marks, has more bytes than the limit.
func longerThan(name string, limit int) bool {
	const longest = len(`\u0000`) // escape of one byte
	if len(name)*longest <= limit {
		return false
	}
	size := len(name)
	for i := range len(name) {
		switch c := name[i]; {
		case c < ' ':
			size += longest - 1
		case c == '"' || c == '\\':
			size++
		}
	}
	return size > limit
}
