package wrappers_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
)

// newMemory is a store to wrap, which ends with the test.
func newMemory(t testing.TB) core.Store {
	t.Helper()
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// wrapping makes of a constructor what storetest wraps with.
func wrapping[W core.Full, O any](newWrapper func(core.Store, *O) (W, error), options *O) func(testing.TB, core.Store) core.Store {
	return func(t testing.TB, inner core.Store) core.Store {
		t.Helper()
		wrapper, err := newWrapper(inner, options)
		if err != nil {
			t.Fatal(err)
		}
		return wrapper
	}
}

// prove holds a wrapper to the proofs of storetest, and the wrapper around
// memory to the rules of a store. options.Capabilities is set by prove.
func prove(t *testing.T, wrap func(testing.TB, core.Store) core.Store, wrapper *storetest.WrapperOptions, store *storetest.Options) {
	t.Helper()
	t.Run("proofs", func(t *testing.T) {
		storetest.RunWrapper(t, func(t *testing.T, inner core.Store) core.Store { return wrap(t, inner) }, wrapper)
	})
	t.Run("over memory", func(t *testing.T) {
		var options storetest.Options
		if store != nil {
			options = *store
		}
		options.Capabilities = core.CanAll
		if wrapper != nil && wrapper.Capabilities != nil {
			options.Capabilities = wrapper.Capabilities(core.CanAll)
		}
		options.InProcess, options.ArgumentsFirst = true, true
		storetest.Run(t, func(t *testing.T) core.Store { return wrap(t, newMemory(t)) }, &options)
	})
}
