package storetest

import (
	"context"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Options describe the store under test: what it promises beyond the rules,
// and where it documents a limit. Nil and the zero value are valid and mean a
// store without capabilities and without limits.
type Options struct {
	// Capabilities are what the store offers. Each is tested, and each that
	// is missing here must be answered with errors.ErrUnsupported.
	Capabilities core.Capability

	// DefaultCollection is what the empty collection stands for. Empty means
	// core.DefaultCollection, as rule 1 wants it: only a wrapper that exists
	// to change it has another.
	DefaultCollection string

	// InProcess says that the store works in this process alone, without
	// network, files or C code. Its entries then expire on a fake clock, in
	// no time.
	InProcess bool

	// TimeStep is the resolution of CreatedAt and ExpiresAt. Zero means a
	// microsecond.
	TimeStep time.Duration

	// MaxKey and MaxCollection are the longest names in bytes. A name of that
	// length must be taken and a longer one refused with core.ErrInvalidKey.
	// Zero means no limit.
	MaxKey, MaxCollection int

	// MaxValue is the largest value in bytes. A larger one must be refused
	// with core.ErrTooLarge. Zero means no limit.
	MaxValue int

	// RefusesName reports whether the documentation of the store says that it
	// refuses the names, for another reason than their length. Nil means that
	// it refuses none.
	RefusesName func(collection, key string) bool

	// Documents says that values are kept as documents of the database
	// rather than as text. Then the order of members and the spelling of a
	// number may change, a number with a fraction or an exponent may become
	// the nearest float64, and a number, a string, a member name or a depth of
	// nesting that the database cannot keep may be refused with
	// core.ErrInvalidValue.
	Documents bool

	// ArgumentsFirst says that the store is a wrapper that refuses illegal
	// arguments before it looks at the context and whether it is closed.
	ArgumentsFirst bool

	// BestEffortDelete says that of racing deletes several may be told true.
	BestEffortDelete bool

	// Many is the number of entries of the large listings. Zero means 10,100,
	// beyond every known cap. Lower it, not below 1,100, where each write
	// takes long.
	Many int

	// Corrupt, if set, writes something under the names that cannot be
	// decoded as an entry, past the store, as a foreign program would. Without
	// it rule 12 is tested in part only.
	Corrupt func(ctx context.Context, store core.Store, collection, key string) error

	// Skip maps names of cases that are not to run to the reason, which is
	// printed.
	Skip map[string]string

	// Timeout bounds each call of the suite. Zero means 30 seconds.
	Timeout time.Duration
}

func (o *Options) withDefaults() *Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.DefaultCollection == "" {
		options.DefaultCollection = core.DefaultCollection
	}
	if options.TimeStep <= 0 {
		options.TimeStep = time.Microsecond
	}
	if options.Many <= 0 {
		options.Many = 10_100
	}
	if options.Timeout <= 0 {
		options.Timeout = 30 * time.Second
	}
	return &options
}

// patience is how long the suite waits for what may be stuck: longer than any
// call that is bounded by its context.
func (o *Options) patience() time.Duration { return o.Timeout + o.Timeout/2 }
