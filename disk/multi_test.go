package disk

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// newMulti returns a store with a directory for each collection.
func newMulti(t *testing.T, directory string, options *MultiOptions) *Multi {
	t.Helper()
	store, err := NewMulti(directory, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// A link in the place of a collection's directory does not lead out.
func TestMultiLinksOut(t *testing.T) {
	ctx := t.Context()
	directory, outside := t.TempDir(), t.TempDir()
	victim, err := New(outside, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer victim.Close()
	if err := victim.Put(ctx, "users", "k", json.RawMessage(`{"secret":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(directory, "users")); err != nil {
		t.Skip(err) // Windows without the privilege
	}
	store := newMulti(t, directory, nil)
	if entry, err := store.Get(ctx, "users", "k"); err == nil || errors.Is(err, core.ErrNotFound) {
		t.Errorf("Get: %s, %v", entry.Value, err)
	}
	if err := store.Put(ctx, "users", "new", json.RawMessage(`{}`), core.NoTTL); err == nil {
		t.Error("Put wrote through the link")
	}
	if deleted, err := store.Delete(ctx, "users", "k"); deleted || err == nil {
		t.Errorf("Delete: %v, %v", deleted, err)
	}
	if existed, _ := store.DestroyCollection(ctx, "users"); existed {
		t.Error("DestroyCollection went through the link")
	}
	if err := store.Destroy(ctx); err != nil {
		t.Error(err)
	}
	if name, err := one(victim.Keys(ctx, "users")); name != "k" || err != nil {
		t.Errorf("outside there is %q, %v", name, err)
	}
}

// A directory may hold other collections, of a Store. They are none of Multi's.
func TestMultiLeavesOtherCollections(t *testing.T) {
	ctx := t.Context()
	directory, shared := t.TempDir(), t.TempDir()
	other, err := New(shared, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, collection := range []string{"sessions", "precious"} {
		if err := other.Put(ctx, collection, "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	store := newMulti(t, directory, &MultiOptions{Directories: map[string]string{"sessions": shared}})
	if name, err := one(store.Collections(ctx)); name != "sessions" || err != nil {
		t.Errorf("collections: %q, %v", name, err)
	}
	if err := store.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
	if name, err := one(other.Collections(ctx)); name != "precious" || err != nil {
		t.Errorf("what Destroy has left: %q, %v", name, err)
	}
}

// A Multi has a bounded number of directories open, whatever names it is asked for.
func TestMultiBoundsOpenDirectories(t *testing.T) {
	ctx := t.Context()
	store := newMulti(t, t.TempDir(), nil)
	const collections = 3 * maxOpen
	for i := range collections {
		if err := store.Put(ctx, fmt.Sprint("c", i), "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Get(ctx, fmt.Sprint("absent", i), "k"); !errors.Is(err, core.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if open := len(store.backend.open); open > maxOpen {
		t.Errorf("%d directories are open", open)
	}
	seen := 0
	for name, err := range store.Collections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Get(ctx, name, "k"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		seen++
	}
	if seen != collections {
		t.Errorf("%d collections are listed", seen)
	}
	if open := len(store.backend.open); open > maxOpen {
		t.Errorf("%d directories are open after a listing", open)
	}
}

// A listing goes on although its directory was closed meanwhile.
func TestMultiListingOutlivesItsDirectory(t *testing.T) {
	ctx := t.Context()
	store := newMulti(t, t.TempDir(), nil)
	const entries = 1005 // more than a page
	items := make([]core.Item, entries)
	for i := range items {
		items[i] = core.Item{Key: fmt.Sprint(i), Value: json.RawMessage(`{}`)}
	}
	if err := store.PutMany(ctx, "listed", items); err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, err := range store.Keys(ctx, "listed") {
		if err != nil {
			t.Fatal(err)
		}
		if listed == 0 {
			for i := range 20 * maxOpen {
				_, _ = store.Get(ctx, fmt.Sprint("other", i), "k")
			}
		}
		listed++
	}
	if listed != entries {
		t.Errorf("%d keys are listed", listed)
	}
}

// After a collection is destroyed it can be written again, by whoever had it open.
func TestMultiAfterDestroyCollection(t *testing.T) {
	ctx := t.Context()
	directory := t.TempDir()
	first, second := newMulti(t, directory, nil), newMulti(t, directory, nil)
	for range 3 {
		for _, store := range []*Multi{first, second} {
			if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		if existed, err := first.DestroyCollection(ctx, "c"); !existed || err != nil {
			t.Fatalf("%v, %v", existed, err)
		}
		if err := second.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
}

// With NoCreate the directory above is not made, those of collections are.
func TestMultiNoCreate(t *testing.T) {
	directory := t.TempDir()
	store := newMulti(t, directory, &MultiOptions{Options: Options{NoCreate: true}})
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Error(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "absent")
	store = newMulti(t, directory, &MultiOptions{Options: Options{NoCreate: true}, Directories: map[string]string{"c": elsewhere}})
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// Directories within each other would share their files.
func TestMultiNestedDirectories(t *testing.T) {
	for name, directories := range map[string]map[string]string{
		"within that of all": {"a": "m/b"},
		"around that of all": {"a": "."},
		"within each other":  {"a": "x", "b": "x/a"},
	} {
		if _, err := NewMulti("m", &MultiOptions{Directories: directories}); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewMulti("m", &MultiOptions{Directories: map[string]string{"a": "m" + strings.Repeat("m", 3)}}); err != nil {
		t.Errorf("beside it: %v", err)
	}
}

// one returns the only name of a listing.
func one(names func(func(string, error) bool)) (name string, err error) {
	count := 0
	for listed, problem := range names {
		name, err = listed, errors.Join(err, problem)
		count++
	}
	if count != 1 {
		err = errors.Join(err, errors.New("not one name"))
	}
	return name, err
}
