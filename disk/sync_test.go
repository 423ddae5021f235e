package disk

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// syncs records the directories whose names were put on the disk.
type syncs struct {
	mutex sync.Mutex
	names []string
}

// watch has the store note what it syncs.
func (s *syncs) watch(b *backend) {
	b.syncNames = func(root *os.Root, name string) error {
		s.mutex.Lock()
		s.names = append(s.names, filepath.Join(root.Name(), name))
		s.mutex.Unlock()
		return syncNames(root, name)
	}
}

func (s *syncs) check(t *testing.T, want ...string) {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, name := range want {
		if !slices.Contains(s.names, name) {
			t.Errorf("%s was not synced, but %q", name, s.names)
		}
	}
}

// With Sync the names of all new directories are on the disk, those above the
// store's own among them.
func TestSyncNewDirectories(t *testing.T) {
	above := t.TempDir()
	directory := filepath.Join(above, "a", "b", "data")
	b := newBackend(directory, Options{Sync: true})
	var s syncs
	s.watch(b)
	store := newLayer(b, b.options)
	defer store.Close()
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	s.check(t, above, filepath.Join(above, "a"), filepath.Join(above, "a", "b"), directory, filepath.Join(directory, "c"))
}

// A directory that is there may have been made a moment ago by a process that
// has not synced it, and never will.
func TestSyncDirectoriesOfOthers(t *testing.T) {
	above := t.TempDir()
	directory := filepath.Join(above, "data")
	if err := os.MkdirAll(filepath.Join(directory, "c"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{temporaryDirectory, lockDirectory} {
		if err := os.Mkdir(filepath.Join(directory, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b := newBackend(directory, Options{Sync: true})
	var s syncs
	s.watch(b)
	store := newLayer(b, b.options)
	defer store.Close()
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	s.check(t, above, directory, filepath.Join(directory, "c"))
}

// A collection that another process destroys between a write and its sync is no
// error of the write.
func TestSyncOfDestroyed(t *testing.T) {
	directory := t.TempDir()
	other, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	b := newBackend(directory, Options{Sync: true})
	destroyed := 0
	b.syncNames = func(root *os.Root, name string) error {
		if name == "c" {
			if _, err := other.DestroyCollection(context.Background(), "c"); err != nil {
				t.Error(err)
			}
			destroyed++
		}
		return syncNames(root, name)
	}
	store := newLayer(b, b.options)
	defer store.Close()
	for i := range 3 {
		if err := store.Put(t.Context(), "c", strconv.Itoa(i), json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Errorf("Put: %v", err)
		}
	}
	if inserted, err := store.Insert(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert: %v, %v", inserted, err)
	}
	if destroyed == 0 {
		t.Error("nothing was synced")
	}
}
