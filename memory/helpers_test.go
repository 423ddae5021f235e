package memory_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// value is a JSON object that tells one entry from another.
func value(n int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"n":%d}`, n)) }

func newStore(t testing.TB, options *memory.Options) *memory.Store {
	t.Helper()
	store, err := memory.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// stores are those that keep what they are told.
var stores = map[string]func(t testing.TB) core.Full{
	"unbounded": func(t testing.TB) core.Full { return newStore(t, nil) },
	"bounded": func(t testing.TB) core.Full {
		return newStore(t, &memory.Options{MaxEntries: 1 << 20, MaxBytes: 1 << 30})
	},
	"simple": func(t testing.TB) core.Full { return memory.NewSimple() },
}

// forEach runs a test on each of the stores.
func forEach(t *testing.T, test func(t *testing.T, store core.Full)) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func put(t *testing.T, s core.Store, collection, key string, n int) {
	t.Helper()
	if err := s.Put(t.Context(), collection, key, value(n), core.NoTTL); err != nil {
		t.Fatal(err)
	}
}

// has reports whether there is a live entry, which in a bounded store is a use
// of it.
func has(t *testing.T, s core.Store, collection, key string) bool {
	t.Helper()
	_, err := s.Get(t.Context(), collection, key)
	if err != nil && err != core.ErrNotFound {
		t.Fatal(err)
	}
	return err == nil
}

func keys(t *testing.T, s core.Store, collection string) []string {
	t.Helper()
	return collect(t, core.Keys(t.Context(), s, collection))
}

// collect returns the names in order and fails on any error.
func collect(t *testing.T, seq iter.Seq2[string, error]) []string {
	t.Helper()
	var names []string
	for name, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// isError reports whether err is a core.Error of the operation that matches
// the cause.
func isError(err error, op string, cause error) bool {
	var e *core.Error
	return errors.As(err, &e) && e.Op == op && e.Store == "memory" && errors.Is(err, cause)
}
