package names

import (
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// Joiner joins a collection and a key to one string with a separator between
// them, and takes the string apart again. It is what a wrapper needs that maps
// many collections into one.
//
// Two different pairs never give the same string, whatever they contain. For
// that the collection is escaped in the few cases that the package comment
// names; all other strings are those of the reference.
//
// The zero Joiner joins with `__`, as the reference does by default.
type Joiner struct {
	separator string // empty: defaultSeparator
}

const defaultSeparator = "__"

// NewJoiner returns a Joiner with the given separator; the empty one stands
// for `__`. The separator is ASCII punctuation without `~` and `%`, which an
// escaped collection is made of. Anything else gives an error that matches
// core.ErrInvalidOptions.
func NewJoiner(separator string) (Joiner, error) {
	for i := range len(separator) {
		c := separator[i]
		if strings.IndexByte(Punctuation, c) < 0 || c == '~' || c == '%' {
			return Joiner{}, fmt.Errorf("%w: the separator %s is not ASCII punctuation without ~ and %%", core.ErrInvalidOptions, quoteName(separator))
		}
	}
	return Joiner{separator}, nil
}

// Separator returns what stands between collection and key.
func (j Joiner) Separator() string {
	if j.separator == "" {
		return defaultSeparator
	}
	return j.separator
}

// Join returns the collection, escaped if need be, the separator and the key.
func (j Joiner) Join(collection, key string) string {
	if !j.ambiguous(collection) {
		return collection + j.Separator() + key
	}
	var scratch [128]byte
	return string(j.Append(scratch[:0], collection, key))
}

// Append appends what Join returns to dst.
func (j Joiner) Append(dst []byte, collection, key string) []byte {
	separator := j.Separator()
	if !j.ambiguous(collection) {
		dst = append(dst, collection...)
		dst = append(dst, separator...)
		return append(dst, key...)
	}
	dst = append(dst, Marker...)
	for i := range len(collection) {
		if c := collection[i]; c == separator[0] || c == '%' {
			dst = appendEscape(dst, '%', c)
		} else {
			dst = append(dst, c)
		}
	}
	dst = append(dst, separator...)
	return append(dst, key...)
}

// Head returns what Join puts before the key, the separator included. The
// joined strings that begin with it are exactly those of that collection.
func (j Joiner) Head(collection string) string {
	return j.Join(collection, "")
}

// Split undoes Join. It reports true only if Join of what it returns is joined
// itself, and returns two empty strings otherwise: a string without a
// separator, or with an escape that Join would not have written, is foreign.
func (j Joiner) Split(joined string) (collection, key string, ok bool) {
	collection, key, ok = strings.Cut(joined, j.Separator())
	if !ok {
		return "", "", false
	}
	escaped, marked := strings.CutPrefix(collection, Marker)
	if !marked {
		// What lies before the first separator neither contains one nor ends
		// in the beginning of one: Join leaves it alone.
		return collection, key, true
	}
	collection, ok = unescape(escaped, '%')
	if !ok || j.Join(collection, key) != joined {
		return "", "", false
	}
	return collection, key, true
}

// ambiguous reports whether a reader of collection + separator could see the
// separator elsewhere than at its place, or the marker of an escaped name.
func (j Joiner) ambiguous(collection string) bool {
	separator := j.Separator()
	if strings.HasPrefix(collection, Marker) || strings.Contains(collection, separator) {
		return true
	}
	// A separator may also begin in the collection and end in the real one:
	// `a:` + `::`.
	for i := 1; i < len(separator); i++ {
		if separator[i:] == separator[:len(separator)-i] && strings.HasSuffix(collection, separator[:i]) {
			return true
		}
	}
	return false
}
