package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DefaultSweepInterval is the time between two sweeps where
// [Options].SweepInterval is zero.
const DefaultSweepInterval = time.Minute

// Options configure [New]. Nil and the zero value are valid: a store without
// bounds, empty, that sweeps once a minute.
type Options struct {
	// MaxEntries is how many entries the store holds at most, in all
	// collections together. A write beyond it evicts others: see the package
	// documentation. Entries that have expired count until they are removed,
	// and are the first to go. Zero means unbounded.
	MaxEntries int

	// MaxBytes is how many bytes the keys and the values of all entries have
	// at most. What the store needs beside those does not count: see "Memory"
	// in the package documentation. A write beyond it evicts others, as for
	// MaxEntries. An entry that exceeds it alone is core.ErrTooLarge, and
	// nothing is evicted for it. Zero means unbounded.
	MaxBytes int

	// SweepInterval is the time between two sweeps, which give back the memory
	// of expired entries. Nothing runs while there is no entry with a time to
	// live. It has no influence on what is visible. Zero means
	// [DefaultSweepInterval]. Negative means that only [Store.Cull], writes
	// over the same key, and eviction remove expired entries.
	SweepInterval time.Duration

	// Seed is what the store holds at first: values, one JSON object each, by
	// collection and key. The empty collection is core.DefaultCollection. The
	// entries never expire. New copies them, and refuses a seed that is not
	// legal or does not fit the bounds.
	Seed map[string]map[string]json.RawMessage
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	switch {
	case o.MaxEntries < 0:
		return invalidOptions("MaxEntries is negative")
	case o.MaxBytes < 0:
		return invalidOptions("MaxBytes is negative")
	}
	return nil
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}

// plant puts the seed into the store.
func (s *Store) plant(seed map[string]map[string]json.RawMessage) error {
	if len(seed[""]) > 0 && len(seed[core.DefaultCollection]) > 0 {
		return refuse("new", "", "", invalidOptions("Seed has the default collection under both of its names"))
	}
	now := present()
	entries, bytes := 0, 0
	var refused []error
	for collection, values := range seed {
		for key, value := range values {
			if err := checkItem(collection, core.Item{Key: key, Value: value}); err != nil {
				err = fmt.Errorf("%w: Seed: %w", core.ErrInvalidOptions, err)
				refused = append(refused, refuse("new", collection, key, err))
				continue
			}
			entries++
			bytes += len(key) + len(value)
			// A Store that exceeds its bounds is not handed out, so whatever
			// is evicted here does not matter.
			_ = s.put(core.CollectionName(collection), key, newItem(key, value, now, core.NoTTL))
		}
	}
	if len(refused) > 0 {
		return errors.Join(refused...)
	}
	if s.limits != nil && s.limits.exceeded(entries, bytes) {
		return refuse("new", "", "", invalidOptions("Seed exceeds MaxEntries or MaxBytes"))
	}
	return nil
}
