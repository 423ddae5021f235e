package disk

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// descriptors returns how many files this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// Close closes every file: the directories and the locks of all stripes.
func TestDescriptors(t *testing.T) {
	directory := t.TempDir()
	round := func() (open int) {
		store, err := New(directory, nil)
		if err != nil {
			t.Fatal(err)
		}
		multi, err := NewMulti(directory+"/multi", nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 200 {
			key := strconv.Itoa(i)
			if err := store.Put(t.Context(), "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			if i%4 != 0 { // making directories takes its time
				continue
			}
			if err := multi.Put(t.Context(), "c"+key, key, json.RawMessage(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.Get(t.Context(), "c", "1"); err != nil {
			t.Fatal(err)
		}
		for _, err := range store.Keys(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
		}
		open = descriptors(t)
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		if err := multi.Close(); err != nil {
			t.Error(err)
		}
		return open
	}
	round() // what the runtime opens stays
	before := descriptors(t)
	for range 2 {
		// The root, .tmp, and for renaming both once more; a lock for each key.
		if open := round(); open > before+4+stripes+5*maxOpen {
			t.Errorf("%d files are open", open)
		}
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d files are open after Close, before there were %d", after, before)
	}
}
