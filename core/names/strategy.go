package names

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// Strategy is one of the reference's sanitization strategies, with its output
// to the byte. A store that shares data with a Python program uses the one
// that this program was given.
//
// Validate is called first. It returns nil, or an error that matches
// core.ErrInvalidKey and quotes the name, shortened: some strategies refuse
// names that look like their own output. Sanitize returns the name to store
// under; it gives an answer for every name, refused or not, and cannot be
// undone in general. Lengths are counted in characters unless a strategy says
// bytes. All strategies here may be used by any number of goroutines.
type Strategy interface {
	Validate(name string) error
	Sanitize(name string) string
}

// The marks that some strategies put before what they changed.
const (
	changedMark = "S_"
	hashedMark  = "H_"
)

// refuseMarked returns an error for a name that begins with a mark.
func refuseMarked(name string) error {
	if strings.HasPrefix(name, hashedMark) || strings.HasPrefix(name, changedMark) {
		return fmt.Errorf("%w: the strategy reserves names that begin with H_ or S_: %s", core.ErrInvalidKey, quoteName(name))
	}
	return nil
}

// Passthrough is the reference's PassthroughStrategy, the default of all its
// stores: every name is legal and stays as it is.
type Passthrough struct{}

// Validate returns nil.
func (Passthrough) Validate(string) error { return nil }

// Sanitize returns name.
func (Passthrough) Sanitize(name string) string { return name }

// AlwaysHash is the reference's AlwaysHashStrategy: the first digits of the
// name's SHA-256, without any mark. With few digits names collide: of 2^(2n)
// names, n being the number of digits, two are likely to. The zero AlwaysHash
// takes all 64.
type AlwaysHash struct {
	digits int // 0: 64
}

// NewAlwaysHash returns the AlwaysHash that takes the given number of digits,
// from 9 to 64. Another number gives an error that matches
// core.ErrInvalidOptions.
func NewAlwaysHash(digits int) (AlwaysHash, error) {
	if digits <= 8 || digits > hashLength {
		return AlwaysHash{}, fmt.Errorf("%w: %d digits of a hash, not 9 to 64", core.ErrInvalidOptions, digits)
	}
	return AlwaysHash{digits}, nil
}

// Validate returns nil.
func (AlwaysHash) Validate(string) error { return nil }

// Sanitize returns digits of the SHA-256 of name.
func (a AlwaysHash) Sanitize(name string) string {
	if a.digits == 0 {
		return hash(name)
	}
	return hash(name)[:a.digits]
}

// HashExcessLength is the reference's HashExcessLengthStrategy: a name that is
// too long becomes `H_` and as many digits of its SHA-256 as fit; every other
// one stays as it is. Below 66 characters these are not all digits, and names
// collide as with [AlwaysHash]. The zero HashExcessLength allows 240.
type HashExcessLength struct {
	maxLength int // 0: defaultMaxLength
}

const defaultMaxLength = 240

// NewHashExcessLength returns the HashExcessLength that allows names of up to
// maxLength characters. Fewer than 10, which leaves less than eight digits,
// give an error that matches core.ErrInvalidOptions.
func NewHashExcessLength(maxLength int) (HashExcessLength, error) {
	if maxLength < len(hashedMark)+8 {
		return HashExcessLength{}, fmt.Errorf("%w: a length of %d leaves less than 8 digits of a hash", core.ErrInvalidOptions, maxLength)
	}
	return HashExcessLength{maxLength}, nil
}

// Validate refuses names that begin with `H_` or `S_`.
func (HashExcessLength) Validate(name string) error { return refuseMarked(name) }

// Sanitize returns name, or its hash if name is too long.
func (h HashExcessLength) Sanitize(name string) string {
	maxLength := h.maxLength
	if maxLength == 0 {
		maxLength = defaultMaxLength
	}
	if utf8.RuneCountInString(name) <= maxLength {
		return name
	}
	return hashedMark + hash(name)[:min(maxLength-len(hashedMark), hashLength)]
}
