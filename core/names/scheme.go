package names

import (
	"strings"
	"unicode/utf8"
)

// Scheme encodes names for a backend that does not take every name. It is made
// by [NewScheme] or [MustScheme] and never changes; any number of goroutines
// may use it.
//
// A name is encoded in the first of three forms that the backend takes:
//
//   - plain: the name itself, which is also what the Python library writes;
//   - escaped: the marker, then the name, in which every byte other than the
//     backend's letters, digits, `_` and `-` is the escape character and two
//     lower-case hexadecimal digits;
//   - hashed: the hash marker, then the 64 lower-case hexadecimal digits of the
//     name's SHA-256.
//
// The form is told by the markers: a plain name begins with neither, and an
// empty name is never plain. Plain and escaped names can be decoded. A hashed
// one cannot: the original name has to be kept in the entry.
//
// Two names have the same encoding only if their SHA-256 is the same, and on a
// backend that folds case that holds after folding as well.
type Scheme struct {
	allowed    byteSet // in a plain name
	kept       byteSet // in an escaped name
	nonASCII   bool
	maxBytes   int // 0: no limit
	escape     byte
	marker     string
	hashMarker string
	reserved   func(name string) bool // nil: none
}

// Encode returns the name under which the backend holds name. It does not
// allocate memory for a plain one.
func (s *Scheme) Encode(name string) string {
	if s.plain(name) {
		return name
	}
	if escaped, ok := s.escaped(name); ok {
		return escaped
	}
	return s.hashMarker + hash(name)
}

// Decode returns the name that Encode turned into encoded. It reports false,
// with an empty name, if there is none that could be told: then [Scheme.Hashed]
// says whether encoded may be the hash of one, and if not, Encode did not write
// it.
func (s *Scheme) Decode(encoded string) (name string, ok bool) {
	if strings.HasPrefix(encoded, s.hashMarker) {
		return "", false
	}
	name = encoded
	if escaped, marked := strings.CutPrefix(encoded, s.marker); marked {
		if name, ok = unescape(escaped, s.escape); !ok {
			return "", false
		}
	}
	if s.Encode(name) != encoded {
		return "", false
	}
	return name, true
}

// Hashed reports whether encoded has the form of a hashed name. Whose hash it
// is shows [Scheme.Encode] of the name in the entry.
func (s *Scheme) Hashed(encoded string) bool {
	digits, marked := strings.CutPrefix(encoded, s.hashMarker)
	return marked && len(digits) == hashLength && strings.Trim(digits, lowerHex) == ""
}

// plain reports whether the backend holds name as it is.
func (s *Scheme) plain(name string) bool {
	if name == "" || !s.fits(len(name)) {
		return false
	}
	for i := range len(name) {
		if !s.allowed[name[i]] {
			return false
		}
	}
	if s.nonASCII && !utf8.ValidString(name) {
		return false
	}
	if strings.HasPrefix(name, s.marker) || strings.HasPrefix(name, s.hashMarker) {
		return false
	}
	return s.reserved == nil || !s.reserved(name)
}

// escaped returns the escaped form of name, if the backend takes it.
func (s *Scheme) escaped(name string) (string, bool) {
	length := len(s.marker) + len(name)
	for i := range len(name) {
		if !s.kept[name[i]] {
			length += 2
		}
	}
	if !s.fits(length) {
		return "", false
	}
	var b strings.Builder
	b.Grow(length)
	b.WriteString(s.marker)
	for i := range len(name) {
		if c := name[i]; s.kept[c] {
			b.WriteByte(c)
		} else {
			b.WriteByte(s.escape)
			b.WriteByte(lowerHex[c>>4])
			b.WriteByte(lowerHex[c&15])
		}
	}
	escaped := b.String()
	if s.reserved != nil && s.reserved(escaped) {
		return "", false
	}
	return escaped, true
}

// fits reports whether the backend takes names of so many bytes.
func (s *Scheme) fits(length int) bool {
	return s.maxBytes == 0 || length <= s.maxBytes
}
