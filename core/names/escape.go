package names

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/go-keyvalue/keyvalue/core/internal/quote"
)

const lowerHex = "0123456789abcdef"

// byteSet is a set of bytes.
type byteSet [256]bool

// add adds every byte of s.
func (b *byteSet) add(s string) {
	for i := range len(s) {
		b[s[i]] = true
	}
}

// remove removes every byte of s.
func (b *byteSet) remove(s string) {
	for i := range len(s) {
		b[s[i]] = false
	}
}

// appendEscape appends the escape character and the two digits of c.
func appendEscape(dst []byte, escape, c byte) []byte {
	return append(dst, escape, lowerHex[c>>4], lowerHex[c&15])
}

// unescape undoes appendEscape. It reports false where an escape character is
// not followed by two lower-case digits. It does not know which characters had
// to be escaped: callers encode the result again and compare.
func unescape(s string, escape byte) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != escape {
			b.WriteByte(s[i])
			continue
		}
		if len(s)-i < 3 {
			return "", false
		}
		high := strings.IndexByte(lowerHex, s[i+1])
		low := strings.IndexByte(lowerHex, s[i+2])
		if high < 0 || low < 0 {
			return "", false
		}
		b.WriteByte(byte(high<<4 | low))
		i += 2
	}
	return b.String(), true
}

// hashLength is the number of digits of a whole SHA-256.
const hashLength = 2 * sha256.Size

// hash returns the SHA-256 of name in lower-case digits.
func hash(name string) string {
	sum := sha256.Sum256([]byte(name))
	var digits [hashLength]byte
	hex.Encode(digits[:], sum[:])
	return string(digits[:])
}

// quoteName quotes a name for an error message, and cuts a long one.
func quoteName(name string) string { return quote.Name(name, 40) }

// cutCharacters returns the first limit characters of s.
func cutCharacters(s string, limit int) string {
	for i := range s {
		if limit <= 0 {
			return s[:i]
		}
		limit--
	}
	return s
}
