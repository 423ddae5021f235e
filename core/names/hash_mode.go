package names

import (
	"fmt"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core"
)

// HashMode says when [Hybrid] and [SanitizeString] add a part of the hash of
// the original to a name.
type HashMode int

// The modes of the reference.
const (
	HashIfChanged HashMode = iota // where the name had to be changed
	HashAlways
	HashNever
)

// String returns the mode's name in the reference.
func (m HashMode) String() string {
	switch m {
	case HashIfChanged:
		return "ONLY_IF_CHANGED"
	case HashAlways:
		return "ALWAYS"
	case HashNever:
		return "NEVER"
	}
	return "HashMode(" + strconv.Itoa(int(m)) + ")"
}

// check returns an error for a mode that does not exist, and for a number of
// digits that is not from 1 to most.
func (m HashMode) check(digits, most int) error {
	if m < HashIfChanged || m > HashNever {
		return fmt.Errorf("%w: there is no %v", core.ErrInvalidOptions, m)
	}
	if digits < 1 || digits > most {
		return fmt.Errorf("%w: %d digits of a hash, not 1 to %d", core.ErrInvalidOptions, digits, most)
	}
	return nil
}
