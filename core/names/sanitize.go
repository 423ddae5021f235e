package names

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/quote"
)

// SanitizeOptions are the options of [SanitizeString].
type SanitizeOptions struct {
	// MaxLength is the length of the longest result, at least 16. Bytes says
	// that it is counted in bytes and not in characters.
	MaxLength int
	Bytes     bool

	// Allowed are the characters that stay; each run of others becomes one
	// Replacement. Empty: every character, and `_`.
	Allowed     string
	Replacement string

	// Hash says when Separator and a part of the hash are added. Zero:
	// HashIfChanged, which here means a changed character or a value that is
	// too long.
	Hash HashMode

	// HashLength is the number of digits, at most half of MaxLength and at
	// most 64. Zero: 8.
	HashLength int

	// Separator stands before the digits. Empty: `-`.
	Separator string
}

const (
	minSanitizedLength = 16
	defaultHashLength  = 8
)

// SanitizeString is the reference's function sanitize_string, which replaces
// characters, cuts the value and adds a part of its hash. No store of the
// reference calls it; a Python program may. Results collide, since nothing
// sets them apart from other values, eight digits are few, and with HashNever
// there are none.
//
// It returns an error that matches core.ErrInvalidOptions where an option is out
// of its range, and one that matches core.ErrInvalidKey with HashNever where no
// character is left, be it that the value is empty.
func SanitizeString(value string, options SanitizeOptions) (string, error) {
	o := options
	if o.Replacement == "" {
		o.Replacement = "_"
	}
	if o.HashLength == 0 {
		o.HashLength = defaultHashLength
	}
	if o.Separator == "" {
		o.Separator = "-"
	}
	if err := checkSanitizedLength(o.MaxLength); err != nil {
		return "", err
	}
	if err := o.Hash.check(o.HashLength, min(o.MaxLength/2, hashLength)); err != nil {
		return "", err
	}

	size, cut := utf8.RuneCountInString, cutCharacters
	if o.Bytes {
		size, cut = func(s string) int { return len(s) }, quote.Cut
	}
	room := o.MaxLength - o.HashLength - size(o.Separator)
	if room < 0 {
		return "", fmt.Errorf("%w: the separator %s does not fit into %d", core.ErrInvalidOptions, quoteName(o.Separator), o.MaxLength)
	}

	text := value
	if o.Allowed != "" {
		text = ReplaceDisallowed(value, o.Allowed, o.Replacement)
	}
	changed := text != value || size(text) > o.MaxLength
	switch {
	case o.Hash == HashIfChanged && !changed:
		return value, nil
	case text == "" && o.Hash == HashNever:
		return "", fmt.Errorf("%w: no character of %s stays", core.ErrInvalidKey, quoteName(value))
	case text == "":
		return hash(value)[:o.HashLength], nil
	case o.Hash == HashNever:
		return cut(text, o.MaxLength), nil
	}
	return cut(text, room) + o.Separator + hash(value)[:o.HashLength], nil
}

// HashExcess is the reference's function hash_excess_length: where the value is
// longer than maxLength, its beginning and, without anything between, eight
// digits of its SHA-256. Lengths are in characters, or in bytes if bytes is
// true. Another value may look the same. A maxLength below 16 gives an error
// that matches core.ErrInvalidOptions.
func HashExcess(value string, maxLength int, bytes bool) (string, error) {
	if err := checkSanitizedLength(maxLength); err != nil {
		return "", err
	}
	length, cut := utf8.RuneCountInString(value), cutCharacters
	if bytes {
		length, cut = len(value), quote.Cut
	}
	if length <= maxLength {
		return value, nil
	}
	return cut(value, maxLength-defaultHashLength) + hash(value)[:defaultHashLength], nil
}

// ReplaceDisallowed is the reference's sanitize_characters_in_string: each run
// of characters that are not allowed becomes one replacement. If nothing but a
// replacement of one character remains, the result is empty.
func ReplaceDisallowed(value, allowed, replacement string) string {
	var b strings.Builder
	b.Grow(len(value))
	replaced, kept := false, false
	for _, c := range value {
		if strings.ContainsRune(allowed, c) {
			b.WriteRune(c)
			replaced, kept = false, true
			continue
		}
		if !replaced {
			b.WriteString(replacement)
			replaced = true
		}
	}
	if !kept && utf8.RuneCountInString(replacement) == 1 {
		return ""
	}
	return b.String()
}

func checkSanitizedLength(maxLength int) error {
	if maxLength < minSanitizedLength {
		return fmt.Errorf("%w: a length of %d is less than %d", core.ErrInvalidOptions, maxLength, minSanitizedLength)
	}
	return nil
}
