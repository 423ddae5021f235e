package disk

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// An entry that needs nearly all the room drives out others, not itself.
func TestMaxSizeKeepsTheEntryWritten(t *testing.T) {
	const limit = 10_000
	store, err := New(t.TempDir(), &Options{MaxSize: limit})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx := t.Context()
	for _, key := range []string{"a", "b", "a"} {
		value := json.RawMessage(`{"text":"` + strings.Repeat("x", limit*95/100) + `"}`)
		if err := store.Put(ctx, "c", key, value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Get(ctx, "c", key); err != nil {
			t.Errorf("%s was just written: %v", key, err)
		}
	}
	if _, err := store.Get(ctx, "c", "b"); err == nil {
		t.Error("nothing had to go")
	}
}

// What is written while somebody looks at the sizes counts for the next look.
func TestQuotaWhileLooking(t *testing.T) {
	var q quota
	q.due(50, 100)
	seen := q.begin()
	q.due(90, 100) // by another
	q.done(seen)
	if !q.due(20, 100) {
		t.Error("110 bytes are written, and nobody looks")
	}
}

// A file that cannot be removed does not fail writes for which others make room.
func TestMaxSizeBesideFilesThatStay(t *testing.T) {
	directory := t.TempDir()
	const limit = 20_000
	ctx := t.Context()
	value := json.RawMessage(`{"text":"` + strings.Repeat("x", 1000) + `"}`)
	first, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if err := first.Put(ctx, "c", "oldest", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	// Nobody gets the lock of the oldest entry any longer.
	locked := stripeOf(fileOf("c", "oldest"))
	locks, err := filepath.Glob(filepath.Join(directory, lockDirectory, "*"))
	if err != nil || len(locks) != 1 {
		t.Fatalf("locks: %q, %v", locks, err)
	}
	if err := errors.Join(first.Close(), os.Remove(locks[0]), os.Mkdir(locks[0], 0o700)); err != nil {
		t.Fatal(err)
	}
	store, err := New(directory, &Options{MaxSize: limit})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for i := range 100 {
		if stripeOf(fileOf("c", strconv.Itoa(i))) == locked {
			continue
		}
		if err := store.Put(ctx, "c", strconv.Itoa(i), value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Get(ctx, "c", "oldest"); err != nil {
		t.Errorf("it could be removed after all: %v", err)
	}
	if _, total, err := weigh(ctx, mustRoot(t, directory)); err != nil || total > limit+limit/5 {
		t.Errorf("%d bytes, %v", total, err)
	}
}

// A file that another process has removed meanwhile makes room as well, else each
// that looks at the same moment would remove others in its place. One that was
// written anew stays.
func TestEvictBesideOthers(t *testing.T) {
	directory := t.TempDir()
	ctx := t.Context()
	store, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	keys := []string{"removed", "stays", "written"}
	for _, key := range keys {
		if err := store.Put(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	b := newBackend(directory, Options{})
	defer b.Close()
	root := mustRoot(t, directory)
	files, _, err := weigh(ctx, root)
	if err != nil || len(files) != len(keys) {
		t.Fatalf("%v, %v", files, err)
	}
	if _, err := store.Delete(ctx, "c", "removed"); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "c", "written", json.RawMessage(`{"longer":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		gone, err := b.evict(ctx, root, file)
		if want := file.encoded != "written"; gone != want || err != nil {
			t.Errorf("%s is gone: %v, %v", file.encoded, gone, err)
		}
	}
	if name, err := one(store.Keys(ctx, "c")); name != "written" || err != nil {
		t.Errorf("left is %q, %v", name, err)
	}
}
