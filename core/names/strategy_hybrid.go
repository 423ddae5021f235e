package names

import (
	"fmt"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// Hybrid is the reference's HybridSanitizationStrategy: each run of characters
// that are not allowed becomes one replacement, and what was changed is marked
// `S_` and ends in `-` and some digits of the original's SHA-256.
//
// Its names collide. A name that is only too long is cut without any hash, so
// that all long names with the same beginning become one, and eight digits are
// not enough against a caller who looks for two names that agree. Both are the
// reference's behaviour, kept for sharing its data.
//
// The zero Hybrid has the default options.
type Hybrid struct {
	options HybridOptions
}

// HybridOptions are the options of [Hybrid]. The zero value is the
// reference's default.
type HybridOptions struct {
	// MaxLength is the number of characters that a name may have. Zero: 240.
	MaxLength int

	// Allowed are the characters that stay. Empty: every character.
	Allowed string

	// Replacement takes the place of the others. Empty: `_`. It stays even if
	// it is not among the characters allowed.
	Replacement string

	// Hash says when a part of the hash is added. Zero: HashIfChanged, which
	// means a changed character and not a name that is only too long.
	Hash HashMode

	// HashLength is the number of digits added, up to 64. Zero: 8.
	HashLength int
}

// NewHybrid returns the Hybrid with these options. Negative numbers, more
// digits than a hash has, a mode that does not exist, and a length that leaves
// no room for mark and digits, give an error that matches
// core.ErrInvalidOptions.
func NewHybrid(options HybridOptions) (Hybrid, error) {
	o := options.withDefaults()
	if err := o.Hash.check(o.HashLength, hashLength); err != nil {
		return Hybrid{}, err
	}
	if least := o.overhead(); o.MaxLength < least {
		return Hybrid{}, fmt.Errorf("%w: a length of %d, and mark and digits take %d", core.ErrInvalidOptions, o.MaxLength, least)
	}
	return Hybrid{options}, nil
}

// Validate refuses names that begin with `H_` or `S_`.
func (Hybrid) Validate(name string) error { return refuseMarked(name) }

// Sanitize returns name, or what the reference makes of it.
func (h Hybrid) Sanitize(name string) string {
	o := h.options.withDefaults()
	text := name
	if o.Allowed != "" {
		text = ReplaceDisallowed(name, o.Allowed, o.Replacement)
	}
	changed := text != name
	if o.Hash == HashAlways || o.Hash == HashIfChanged && changed {
		return changedMark + cutCharacters(text, o.MaxLength-o.overhead()) + "-" + hash(name)[:o.HashLength]
	}
	if changed || utf8.RuneCountInString(text) > o.MaxLength {
		return changedMark + cutCharacters(text, o.MaxLength-len(changedMark))
	}
	return name
}

// overhead is the length of what is put around a hashed name.
func (o HybridOptions) overhead() int {
	return len(changedMark) + len("-") + o.HashLength
}

func (o HybridOptions) withDefaults() HybridOptions {
	if o.MaxLength == 0 {
		o.MaxLength = defaultMaxLength
	}
	if o.Replacement == "" {
		o.Replacement = "_"
	}
	if o.HashLength == 0 {
		o.HashLength = defaultHashLength
	}
	return o
}
