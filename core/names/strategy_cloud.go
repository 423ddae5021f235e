package names

import (
	"strings"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core/internal/quote"
)

// S3 is the reference's strategy for keys and for collections in Amazon S3: a
// name of too many bytes is cut and eight digits of its SHA-256 follow, without
// anything that marks it. A name that happens to look so is the same to the
// store. The zero S3 allows 500 bytes.
type S3 struct {
	maxBytes int // 0: defaultS3Bytes
}

const defaultS3Bytes = 500

// NewS3 returns the S3 that allows names of up to maxBytes bytes. Fewer than 16
// give an error that matches core.ErrInvalidOptions.
func NewS3(maxBytes int) (S3, error) {
	if err := checkSanitizedLength(maxBytes); err != nil {
		return S3{}, err
	}
	return S3{maxBytes}, nil
}

// Validate returns nil.
func (S3) Validate(string) error { return nil }

// Sanitize returns name, or its beginning and a part of its hash.
func (s S3) Sanitize(name string) string {
	maxBytes := s.maxBytes
	if maxBytes == 0 {
		maxBytes = defaultS3Bytes
	}
	sanitized, _ := HashExcess(name, maxBytes, true) // NewS3 checked the number
	return sanitized
}

// Firestore is the reference's strategy for keys and for collections in Google
// Firestore. Names that it does not take as a document's name (empty, `.`,
// `..`, `__…__` and those with a `/`) are marked `S_`, get `_` for `/`, and end
// in their whole SHA-256; names of more than 1,500 bytes become `H_` and that.
type Firestore struct{}

const maxFirestoreBytes = 1500

// Validate refuses names that begin with `H_` or `S_`.
func (Firestore) Validate(name string) error { return refuseMarked(name) }

// Sanitize returns name, or a form of it that Firestore takes.
func (Firestore) Sanitize(name string) string {
	if len(name) > maxFirestoreBytes {
		return hashedMark + hash(name)
	}
	// The reference's pattern does not match across lines.
	reserved := len(name) >= 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") && !strings.Contains(name, "\n")
	if name != "" && name != "." && name != ".." && !reserved && !strings.Contains(name, "/") {
		return name
	}
	const room = maxFirestoreBytes - len(changedMark) - len("-") - hashLength
	return changedMark + quote.Cut(strings.ReplaceAll(name, "/", "_"), room) + "-" + hash(name)
}

// AzureTables is the reference's strategy for keys and for collections in Azure
// Tables: a name with a character that it does not take, or of more than 256
// characters, becomes `H_` and its whole SHA-256.
type AzureTables struct{}

const maxAzureLength = 256

// Validate refuses names that begin with `H_` or `S_`.
func (AzureTables) Validate(name string) error { return refuseMarked(name) }

// Sanitize returns name or its hash.
func (AzureTables) Sanitize(name string) string {
	refused := func(c rune) bool {
		return c < 0x20 || 0x7F <= c && c <= 0x9F || strings.ContainsRune(`/\#?`, c)
	}
	if utf8.RuneCountInString(name) > maxAzureLength || strings.ContainsFunc(name, refused) {
		return hashedMark + hash(name)
	}
	return name
}
