package storetest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// reference is a store that keeps every rule.
type reference struct {
	*driver.Store
	shelf *shelf
}

func newReference() *reference { return newReferenceWith(newShelf(), nil) }

func newReferenceWith(s *shelf, options *driver.Options) *reference {
	return &reference{driver.NewStore(s, options), s}
}

func (r *reference) onShelf() *shelf { return r.shelf }

// everything are the options of a reference.
func everything() *Options {
	return &Options{Capabilities: core.CanAll, InProcess: true, Corrupt: corruptShelf}
}

// corruptShelf is Options.Corrupt for the stores of these tests.
func corruptShelf(_ context.Context, store core.Store, collection, key string) error {
	on, ok := store.(interface{ onShelf() *shelf })
	if !ok {
		return errors.New("the store is not over a shelf")
	}
	s := on.onShelf()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.data[s.name(collection, key)] = []byte(`{"value":`)
	return nil
}

func TestRun(t *testing.T) {
	Run(t, func(*testing.T) core.Store { return newReference() }, everything())
}

// poor is a store with nothing but the six methods.
type poor struct{ core.Store }

func TestRunWithoutCapabilities(t *testing.T) {
	Run(t, func(*testing.T) core.Store { return poor{newReference()} }, &Options{InProcess: true})
}

func TestRunWithoutOptions(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for entries to expire")
	}
	Run(t, func(*testing.T) core.Store { return poor{newReference()} }, nil)
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newReference()
		store.Put(t.Context(), "users", "ada", []byte(one), core.NoTTL)
		store.Put(t.Context(), "", "setting", []byte(two), core.NoTTL)
		if err := Check(t.Context(), store, everything()); err != nil {
			t.Error(err)
		}
		if left := len(store.shelf.data); left != 2 {
			t.Errorf("Check left %d entries; want the 2 that were there", left)
		}
	})
}

func TestCheckWithoutCapabilities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newReference()
		if err := Check(t.Context(), poor{store}, nil); err != nil {
			t.Error(err)
		}
		if left := len(store.shelf.data); left != 0 {
			t.Errorf("Check left %d entries: %v", left, slices.Collect(maps.Keys(store.shelf.data)))
		}
	})
}

func TestCheckGivesUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := Check(ctx, newReference(), everything())
	var v *Violation
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &v) {
		t.Errorf("Check, given 20 ms, = %v; want the error of its context and no violation", err)
	}
}
