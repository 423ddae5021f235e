package winregistry_test

import (
	"fmt"
	"testing"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
)

// A store that has the key of a collection open notices that somebody else has
// removed it, and uses the one that took its place.
func TestKeyRemovedByOthers(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	for round := range 5 {
		must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
		if _, err := store.Get(ctx, "c", "k"); err != nil {
			t.Fatal(err)
		}
		if round%2 == 0 {
			must(t, registry.DeleteKey(registry.CURRENT_USER, path+`\c`))
		} else {
			must(t, removeTree(registry.CURRENT_USER, path))
		}
		if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
			t.Errorf("Get after the key was removed = %v, want a miss", err)
		}
		if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
			t.Errorf("Delete after the key was removed = %v, %v; want false, nil", live, err)
		}
		if got := names(t, store.Keys(ctx, "c")); len(got) != 0 {
			t.Errorf("Keys() after the key was removed = %q", got)
		}
		must(t, raw(store, "c", "k", func(k registry.Key, value string) error { return k.SetStringValue(value, `{"value":{"new":true}}`) }))
		if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"new":true}` {
			t.Errorf("Get after the key was made again = %s, %v", entry.Value, err)
		}
		must(t, removeTree(registry.CURRENT_USER, path))
		must(t, store.PutMany(ctx, "c", []core.Item{{Key: "a", Value: object}, {Key: "b", Value: object}}))
		if inserted, err := store.Insert(ctx, "c", "k", object, core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
		}
	}
}

// More collections than the store keeps open.
func TestManyCollections(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	const collections = 200
	for round := range 2 {
		for i := range collections {
			name := fmt.Sprint("c", i)
			must(t, store.Put(ctx, name, "k", fmt.Appendf(nil, `{"round":%d}`, round), core.NoTTL))
		}
		for i := range collections {
			entry, err := store.Get(ctx, fmt.Sprint("c", i), "k")
			if err != nil || string(entry.Value) != fmt.Sprintf(`{"round":%d}`, round) {
				t.Fatalf("in collection %d: %s, %v", i, entry.Value, err)
			}
		}
	}
	if got := names(t, store.Collections(ctx)); len(got) != collections {
		t.Errorf("Collections() gives %d, want %d", len(got), collections)
	}
}

// A value name with a backslash is one name, and a key name with one is two.
func TestBackslashes(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	must(t, store.Put(ctx, `a\b`, `k\y`, object, core.NoTTL))
	if valueCount(t, path+`\a`) != -1 {
		t.Error("a collection with a backslash has made two keys")
	}
	if got := names(t, store.Keys(ctx, `a\b`)); len(got) != 1 || got[0] != `k\y` {
		t.Errorf("Keys() = %q", got)
	}
	if _, value := store.Locate(`a\b`, `k\y`); value != `k\y` {
		t.Errorf("the value is called %q", value)
	}
}
