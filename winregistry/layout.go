package winregistry

import (
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// What Windows allows for names, in UTF-16 units.
const (
	maxKeyName   = 255
	maxValueName = 16_383
)

// Windows tells names apart without regard to case, by a table for all of
// Unicode that differs from one version to the next. So names stay as they are
// only if they are of ASCII without upper-case letters.
const plainInValues = names.Digits + names.Lower + names.Upper + names.Punctuation + " "

var (
	// keyNames is the scheme for names of registry keys, which are those of
	// collections. A backslash would separate two of them.
	keyNames = names.MustScheme(names.SchemeOptions{
		Allowed:  strings.ReplaceAll(plainInValues, `\`, ""),
		MaxBytes: maxKeyName,
		FoldCase: true,
	})

	// valueNames is the scheme for names of registry values, which are keys.
	valueNames = names.MustScheme(names.SchemeOptions{
		Allowed:  plainInValues,
		MaxBytes: maxValueName,
		FoldCase: true,
	})
)

// keyName returns the name of the registry key that holds the collection.
func keyName(collection string) string { return keyNames.Encode(collection) }

// valueName returns the name of the registry value that holds the entry of the
// key.
func valueName(key string) string { return valueNames.Encode(key) }

// slot is a name in the registry as a listing finds it.
type slot struct {
	// stored is the name itself, and folded what this package would have
	// written: the registry keeps the case in which a name came first, which
	// may have been that of another program.
	stored, folded string

	// original is the collection or key that leads here, if hashed is false.
	// Otherwise only the entry knows.
	original string
	hashed   bool
}

// slotOf tells what could lie under a stored name. It reports false for one
// that no collection or key leads to.
func slotOf(scheme *names.Scheme, stored string) (slot, bool) {
	s := slot{stored: stored, folded: fold(stored)}
	original, ok := scheme.Decode(s.folded)
	if ok {
		s.original = original
		return s, core.CheckKey(original) == nil
	}
	s.hashed = scheme.Hashed(s.folded)
	return s, s.hashed
}

// leadsTo reports whether the collection or key leads to the slot.
func (s slot) leadsTo(scheme *names.Scheme, name string) bool {
	if s.hashed {
		return scheme.Encode(name) == s.folded
	}
	return name == s.original
}

// isNameOf reports whether the stored name is that of the collection or key, as
// this package encodes it or as Python writes it.
func isNameOf(scheme *names.Scheme, stored, name string) bool {
	return strings.EqualFold(stored, scheme.Encode(name)) || strings.EqualFold(stored, name)
}

// fold returns the name with lower-case letters for those of ASCII.
func fold(name string) string {
	upper := func(c rune) bool { return 'A' <= c && c <= 'Z' }
	if strings.IndexFunc(name, upper) < 0 {
		return name
	}
	return strings.Map(func(c rune) rune {
		if upper(c) {
			c += 'a' - 'A'
		}
		return c
	}, name)
}
