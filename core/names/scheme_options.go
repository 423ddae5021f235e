package names

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// SchemeOptions describe the names that a backend takes. The zero value takes
// ASCII letters, digits, `-`, `.`, `_`, `~` and `%`, in any number.
type SchemeOptions struct {
	// Allowed are the ASCII characters that the backend takes. Empty stands
	// for those above. The digits 0 to 9 and the letters a to f must be among
	// them, as well as the characters of Escape, Marker and HashMarker.
	Allowed string

	// NonASCII says that the backend also takes every character beyond ASCII
	// and tells them all apart.
	NonASCII bool

	// MaxBytes is the length in bytes of the longest name that the backend
	// takes, less what is added to the encoded name. Zero: any length.
	MaxBytes int

	// FoldCase says that the backend sees no difference between upper and
	// lower case. Then upper-case letters are escaped, Allowed or not. It
	// excludes NonASCII, since which of those characters a backend folds
	// depends on its version.
	FoldCase bool

	// Reserved reports whether the backend does not take a name although its
	// characters and its length are fine: `.` and `..`, device names, names
	// that begin with `-`. Nil: there are none. It must answer the same each
	// time, and must not report a name that begins with HashMarker.
	Reserved func(name string) bool

	// Escape is the character before two digits. Zero stands for `%`. Choose
	// another where the backend or its driver gives that one a meaning.
	Escape byte

	// Marker and HashMarker are what escaped and hashed names begin with.
	// Empty stands for the constants [Marker] and [HashMarker]. Neither may
	// be the beginning of the other.
	Marker, HashMarker string
}

const (
	defaultAllowed = Digits + Lower + Upper + "-._~%"
	defaultEscape  = '%'
)

// NewScheme returns the Scheme for a backend that takes the names described.
// Options under which some name would have no encoding, or two the same, are
// refused with an error that matches core.ErrInvalidOptions and says why.
func NewScheme(options SchemeOptions) (*Scheme, error) {
	options = options.withDefaults()
	s := &Scheme{
		nonASCII:   options.NonASCII,
		maxBytes:   options.MaxBytes,
		escape:     options.Escape,
		marker:     options.Marker,
		hashMarker: options.HashMarker,
		reserved:   options.Reserved,
	}
	s.allowed.add(options.Allowed)
	if options.FoldCase {
		s.allowed.remove(Upper)
	}
	for i := range len(Graphic) {
		c := Graphic[i]
		inWords := strings.IndexByte(Punctuation, c) < 0 || c == '_' || c == '-'
		s.kept[c] = s.allowed[c] && inWords && c != s.escape
	}
	if err := s.check(options); err != nil {
		return nil, fmt.Errorf("%w: %w", core.ErrInvalidOptions, err)
	}
	for c := 0x80; c < len(s.allowed); c++ {
		s.allowed[c] = s.nonASCII
	}
	return s, nil
}

// MustScheme is [NewScheme] for options that are known to be right, such as
// those of a package variable. It panics where NewScheme returns an error.
func MustScheme(options SchemeOptions) *Scheme {
	s, err := NewScheme(options)
	if err != nil {
		panic(err)
	}
	return s
}

func (o SchemeOptions) withDefaults() SchemeOptions {
	if o.Allowed == "" {
		o.Allowed = defaultAllowed
	}
	if o.Escape == 0 {
		o.Escape = defaultEscape
	}
	if o.Marker == "" {
		o.Marker = Marker
	}
	if o.HashMarker == "" {
		o.HashMarker = HashMarker
	}
	return o
}

// check returns why the options make no sense, or nil.
func (s *Scheme) check(options SchemeOptions) error {
	for i := range len(options.Allowed) {
		if options.Allowed[i] >= 0x80 {
			return errors.New("a character in Allowed is not ASCII: set NonASCII instead")
		}
	}
	if options.FoldCase && options.NonASCII {
		return errors.New("both FoldCase and NonASCII are set")
	}
	for _, part := range []struct{ what, text string }{
		{"an escaped or hashed name", lowerHex},
		{"Escape", string(rune(s.escape))},
		{"Marker", s.marker},
		{"HashMarker", s.hashMarker},
	} {
		for _, c := range part.text {
			if c >= 0x80 || !s.allowed[c] {
				return fmt.Errorf("the backend does not take %q, which %s needs", c, part.what)
			}
		}
	}
	if strings.HasPrefix(s.marker, s.hashMarker) || strings.HasPrefix(s.hashMarker, s.marker) {
		return fmt.Errorf("of the markers %q and %q one is the beginning of the other", s.marker, s.hashMarker)
	}
	if shortest := len(s.hashMarker) + hashLength; s.maxBytes != 0 && s.maxBytes < shortest {
		return fmt.Errorf("a hashed name has %d bytes, and MaxBytes is %d", shortest, s.maxBytes)
	}
	if s.reserved != nil && s.reserved(s.hashMarker+hash("")) {
		return errors.New("hashed names are Reserved")
	}
	return nil
}
