package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// brokenStore breaks one rule in one way. The suite must say so.
type brokenStore struct {
	name string
	rule int

	large bool // seen only in values of 1 MiB, which take the others too long

	alter  func(*altered)    // what is wrong with the store
	store  func() core.Store // or a store of its own
	option func(*Options)    // what its options say
	driver *driver.Options   // what its driver does
}

func (b *brokenStore) options() *Options {
	o := everything()
	o.Many = 1100
	if b.option != nil {
		b.option(o)
	}
	return o.withDefaults()
}

func (b *brokenStore) open() core.Store {
	if b.store != nil {
		return b.store()
	}
	a := &altered{reference: newReferenceWith(newShelf(), b.driver)}
	if b.alter != nil {
		b.alter(a)
	}
	return a
}

// violations runs the cases of the rule on the fake clock. Once the store is
// caught, it runs only those that have not yet caught any.
func (b *brokenStore) violations(t *testing.T, caught *set) (violations []*Violation) {
	o := b.options()
	for i := range cases {
		c := &cases[i]
		if c.inapplicable(o) != "" || !slices.Contains(c.rules, b.rule) || c.name == "value-of-1-mib" && !b.large {
			continue
		}
		if len(violations) > 0 && caught.has(c.name) {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			err := c.violation(func(r reporter) { c.onOwn(t.Context(), r, b.open(), o) })
			var v *Violation
			if errors.As(err, &v) {
				violations = append(violations, v)
				caught.add(c.name)
			}
			time.Sleep(24 * time.Hour) // for the calls that were stuck
		})
	}
	return violations
}

var brokenStores = slices.Concat(
	brokenNames,
	brokenValues,
	brokenTimes,
	brokenWrites,
	brokenBatches,
	brokenOwnership,
	brokenContexts,
	brokenConcurrency,
	brokenCorruption,
	brokenLifecycles,
	brokenListings,
	brokenInserts,
	brokenSweeps,
	brokenCapabilities,
)

// sleepy gives others the time to come in between.
func sleepy() { time.Sleep(time.Millisecond) }

func refusal(op, collection, key string, cause error) error {
	return &core.Error{Op: op, Collection: collection, Key: key, Err: cause}
}

// acquire takes a lock that is given up on when the context is done: a test
// must not hang.
func acquire(ctx context.Context, lock chan struct{}) error {
	select {
	case lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
