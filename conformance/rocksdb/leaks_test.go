package rocksdb_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// resident returns how many bytes of memory the process has.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// descriptors returns how many files the process has open below a directory.
func descriptors(t *testing.T, directory string) (count int) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if target, err := os.Readlink(filepath.Join("/proc/self/fd", file.Name())); err == nil && strings.HasPrefix(target, directory) {
			count++
		}
	}
	return count
}

// grown does what a round does so many times, and reports by how many bytes
// the process has grown meanwhile, once it has got going.
func grown(t *testing.T, rounds int, round func()) int {
	t.Helper()
	for range rounds / 3 {
		round()
	}
	before := resident(t)
	for range rounds {
		round()
	}
	return resident(t) - before
}

// A database that is opened and closed many times, and one that could not be
// opened, leaves no memory and no files behind. A round that leaked only the
// options of RocksDB, or one error, would show.
func TestOpenAndCloseLeakNothing(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := t.TempDir()
	rounds, allowed := 100, 100*32<<10
	round := func() {
		store, err := rocksdb.New(directory, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if _, err := rocksdb.New(directory, nil); err == nil {
			t.Fatal("a second store was opened")
		}
		if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if _, err := collect(store.Keys(ctx, "c")); err != nil {
			t.Fatal(err)
		}
	}
	growth := grown(t, rounds, round)
	t.Logf("%d rounds: %d KiB", rounds, growth>>10)
	if growth > allowed {
		t.Errorf("the process grew by %d KiB in %d rounds", growth>>10, rounds)
	}
	if open := descriptors(t, directory); open > 0 {
		t.Errorf("%d files are still open", open)
	}
}

// Calls, also those that find nothing or fail, leave no memory behind: what C
// has read is given back.
func TestCallsLeakNothing(t *testing.T) {
	need(t)
	ctx := t.Context()
	store := open(t, t.TempDir(), nil)
	large := json.RawMessage(`{"text":"` + strings.Repeat("x", 200_000) + `"}`)
	keys := []string{"large", "small", "absent"}
	if err := store.PutMany(ctx, "c", []core.Item{{Key: "large", Value: large}, {Key: "small", Value: json.RawMessage(`{}`)}}); err != nil {
		t.Fatal(err)
	}
	// They are read from memory, not from tables: there a slice that is not given
	// back holds a copy of its own.
	round := func() {
		for _, key := range keys {
			if _, err := store.Get(ctx, "c", key); err != nil && err != core.ErrNotFound {
				t.Fatal(err)
			}
		}
		if value, _, err := store.DB().Get([]byte("c::large"), nil); len(value) < len(large) || err != nil {
			t.Fatal(err)
		}
		entries, err := store.GetMany(ctx, "c", keys)
		if err != nil || !bytes.Equal(entries[0].Value, large) || entries[2].Found() {
			t.Fatalf("GetMany = %d entries, %v", len(entries), err)
		}
		if _, err := collect(store.Collections(ctx)); err != nil {
			t.Fatal(err)
		}
		if _, err := store.DB().Property("rocksdb.stats"); err != nil {
			t.Fatal(err)
		}
		if err := store.Checkpoint(ctx, "/proc/self"); err == nil {
			t.Fatal("a checkpoint was made where that cannot be")
		}
	}
	growth := grown(t, 300, round)
	t.Logf("300 rounds: %d KiB", growth>>10)
	if growth > 20<<20 { // one of the large values in each round would be 60 MB
		t.Errorf("the process grew by %d KiB in 300 rounds of reading", growth>>10)
	}

	write := func() {
		items := []core.Item{{Key: "large", Value: large}, {Key: "other", Value: large}}
		if err := store.PutMany(ctx, "c", items); err != nil {
			t.Fatal(err)
		}
		if n, err := store.DeleteMany(ctx, "c", []string{"other", "large"}); n != 2 || err != nil {
			t.Fatalf("DeleteMany = %d, %v", n, err)
		}
		if err := store.Flush(ctx); err != nil { // what is in memory until then is no leak
			t.Fatal(err)
		}
	}
	growth = grown(t, 100, write)
	t.Logf("100 rounds: %d KiB", growth>>10)
	if growth > 20<<20 { // one batch in each round would be 40 MB
		t.Errorf("the process grew by %d KiB in 100 rounds of writing", growth>>10)
	}
}
