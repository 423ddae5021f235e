package adapters_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func TestRequired(t *testing.T) {
	store := newMemory(t)
	if err := store.Put(t.Context(), "c", "a", json.RawMessage(`{"a":1}`), 0); err != nil {
		t.Fatal(err)
	}
	faulty := storetest.NewFaulty(store)
	required, err := adapters.NewRequired(faulty)
	if err != nil {
		t.Fatal(err)
	}
	if entry, err := required.Get(t.Context(), "c", "a"); err != nil || string(entry.Value) != `{"a":1}` {
		t.Errorf("got %s, %v", entry.Value, err)
	}
	_, err = required.Get(t.Context(), "c", "zz")
	if e, ok := err.(*core.Error); !ok || !errors.Is(err, core.ErrNotFound) || e.Op != "get" || e.Collection != "c" || e.Key != "zz" {
		t.Errorf("got %v", err)
	}
	if entries, err := required.GetMany(t.Context(), "c", []string{"a", "a"}); err != nil || len(entries) != 2 {
		t.Errorf("got %v, %v", entries, err)
	}
	entries, err := required.GetMany(t.Context(), "c", []string{"z1", "a", "z2", "z1"})
	if got := core.FailedKeys(err); !slices.Equal(got, []string{"z1", "z2"}) || !errors.Is(err, core.ErrNotFound) {
		t.Errorf("failed: %q, %v", got, err)
	}
	if len(entries) != 4 || !entries[1].Found() || entries[0].Found() {
		t.Errorf("got %v", entries)
	}

	// What failed is not what is missing.
	faulty.Inject(storetest.Fault{Key: "b", Err: io.EOF})
	_, err = required.GetMany(t.Context(), "c", []string{"a", "b"})
	if errors.Is(err, core.ErrNotFound) || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	faulty.Clear()
	faulty.Inject(storetest.Fault{Err: io.EOF})
	if entries, err := required.GetMany(t.Context(), "c", []string{"a"}); entries != nil || !errors.Is(err, io.EOF) {
		t.Errorf("got %v, %v", entries, err)
	}
	if _, err := adapters.NewRequired(nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
}
