//go:build unix

package disk

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// planted returns a store over a directory beside a file that must not be
// reached.
func planted(t *testing.T) (store *Store, directory, secret string) {
	t.Helper()
	above := t.TempDir()
	directory, secret = filepath.Join(above, "data"), filepath.Join(above, "secret.json")
	if err := os.WriteFile(secret, []byte(`{"value":{"secret":true},"version":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	return store, directory, secret
}

// A symbolic link that leads out of the directory is never followed, in the
// place of an entry, of a collection, or of the store's own directories.
func TestLinksOut(t *testing.T) {
	ctx := t.Context()
	t.Run("entry", func(t *testing.T) {
		store, directory, secret := planted(t)
		if err := os.Symlink(secret, filepath.Join(directory, "c", "link.json")); err != nil {
			t.Fatal(err)
		}
		if entry, err := store.Get(ctx, "c", "link"); err == nil || errors.Is(err, core.ErrNotFound) {
			t.Errorf("read %s, %v", entry.Value, err)
		}
		if err := store.Put(ctx, "c", "link", json.RawMessage(`{"new":1}`), 0); err != nil {
			t.Fatal(err)
		}
		if entry, err := store.Get(ctx, "c", "link"); err != nil || string(entry.Value) != `{"new":1}` {
			t.Errorf("after Put: %s, %v", entry.Value, err)
		}
		if text, err := os.ReadFile(secret); err != nil || string(text) != `{"value":{"secret":true},"version":1}` {
			t.Errorf("the file outside is %s, %v", text, err)
		}
	})
	t.Run("collection", func(t *testing.T) {
		store, directory, secret := planted(t)
		if err := os.Symlink(filepath.Dir(secret), filepath.Join(directory, "out")); err != nil {
			t.Fatal(err)
		}
		if entry, err := store.Get(ctx, "out", "secret"); err == nil || errors.Is(err, core.ErrNotFound) {
			t.Errorf("read %s, %v", entry.Value, err)
		}
		if err := store.Put(ctx, "out", "written", json.RawMessage(`{}`), 0); err == nil {
			t.Error("wrote through the link")
		}
		if deleted, err := store.Delete(ctx, "out", "secret"); deleted || err == nil {
			t.Errorf("deleted: %v, %v", deleted, err)
		}
		if existed, _ := store.DestroyCollection(ctx, "out"); existed {
			t.Error("destroyed through the link")
		}
		if err := store.Destroy(ctx); err != nil {
			t.Error(err)
		}
		files, err := os.ReadDir(filepath.Dir(secret))
		if err != nil || len(files) != 2 {
			t.Errorf("outside there are %v, %v", files, err)
		}
	})
	t.Run("own", func(t *testing.T) {
		for _, name := range []string{temporaryDirectory, lockDirectory} {
			_, directory, secret := planted(t)
			own := filepath.Join(directory, name)
			if err := os.RemoveAll(own); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Dir(secret), own); err != nil {
				t.Fatal(err)
			}
			store, err := New(directory, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), 0); err == nil {
				t.Errorf("wrote although %s is a link", name)
			}
			files, err := os.ReadDir(filepath.Dir(secret))
			if err != nil || len(files) != 2 {
				t.Errorf("outside there are %v, %v", files, err)
			}
		}
	})
}

// A link in the place of an entry hides no other entry, and goes like any that
// cannot be read.
func TestLinkBesideEntries(t *testing.T) {
	ctx := t.Context()
	store, directory, secret := planted(t)
	for name, target := range map[string]string{"aaa": secret, "loop": "loop.json"} {
		if err := os.Symlink(target, filepath.Join(directory, "c", name+suffix)); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Put(ctx, "c", "old", json.RawMessage(`{}`), time.Microsecond); err != nil {
		t.Fatal(err)
	}
	found, corrupt := 0, 0
	for key, err := range store.Keys(ctx, "c") {
		switch {
		case err == nil && key == "k":
			found++
		case isCorrupt(err):
			corrupt++
		default:
			t.Errorf("listed %q, %v", key, err)
		}
	}
	if found != 1 || corrupt != 2 {
		t.Errorf("%d entries and %d links are listed", found, corrupt)
	}
	if name, err := one(store.Collections(ctx)); name != "c" || err != nil {
		t.Errorf("collections: %q, %v", name, err)
	}
	if count, err := store.Cull(ctx); count != 1 || err != nil {
		t.Errorf("culled %d, %v", count, err)
	}
	for _, key := range []string{"aaa", "loop"} {
		if _, err := store.Get(ctx, "c", key); !isCorrupt(err) {
			t.Errorf("Get: %v", err)
		}
		if inserted, err := store.Insert(ctx, "c", key, json.RawMessage(`{}`), 0); inserted || !isCorrupt(err) {
			t.Errorf("Insert: %v, %v", inserted, err)
		}
		if deleted, err := store.Delete(ctx, "c", key); deleted || err != nil {
			t.Errorf("Delete: %v, %v", deleted, err)
		}
		if _, err := os.Lstat(filepath.Join(directory, "c", key+suffix)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the link after Delete: %v", err)
		}
	}
	if _, err := os.Stat(secret); err != nil {
		t.Error(err)
	}
}

// Put replaces a directory in the place of an entry, unless something is in it.
func TestPutOverDirectory(t *testing.T) {
	store, directory, _ := planted(t)
	full := filepath.Join(directory, "c", "full.json", "precious")
	for _, name := range []string{full, filepath.Join(directory, "c", "empty.json")} {
		if err := os.MkdirAll(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Put(t.Context(), "c", "empty", json.RawMessage(`{"new":1}`), 0); err != nil {
		t.Error(err)
	}
	if entry, err := store.Get(t.Context(), "c", "empty"); err != nil || string(entry.Value) != `{"new":1}` {
		t.Errorf("%s, %v", entry.Value, err)
	}
	if err := store.Put(t.Context(), "c", "full", json.RawMessage(`{"new":1}`), 0); err == nil {
		t.Error("it replaced a directory that is not empty")
	}
	if _, err := os.Stat(full); err != nil {
		t.Error(err)
	}
}

// What is no regular file is not read: a pipe would never end.
func TestPipe(t *testing.T) {
	store, directory, _ := planted(t)
	if err := syscall.Mkfifo(filepath.Join(directory, "c", "pipe.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(directory, "c", "directory.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"pipe", "directory"} {
		done := make(chan error, 1)
		go func() {
			_, err := store.Get(t.Context(), "c", key)
			done <- err
		}()
		select {
		case err := <-done:
			if !isCorrupt(err) {
				t.Errorf("%s: %v", key, err)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("a read of a %s hangs", key)
		}
	}
	found := 0
	for key, err := range store.Keys(t.Context(), "c") {
		if err == nil && key == "k" {
			found++
		} else if !isCorrupt(err) {
			t.Errorf("listed %q, %v", key, err)
		}
	}
	if found != 1 {
		t.Errorf("the entry beside them was listed %d times", found)
	}
}

// Copies, files of others and what was left by a write are not entries.
func TestForeignFiles(t *testing.T) {
	store, directory, _ := planted(t)
	text, err := os.ReadFile(filepath.Join(directory, "c", "k.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"k copy.json", "k.json.bak", ".k.json", "tmpabcdefgh.tmp", "K.json", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(directory, "c", name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, call := range []func() (string, error){
		func() (string, error) { return one(store.Keys(t.Context(), "c")) },
		func() (string, error) { return one(store.Collections(t.Context())) },
	} {
		if name, err := call(); err != nil || name != "k" && name != "c" {
			t.Errorf("listed %q, %v", name, err)
		}
	}
	if _, err := store.DestroyCollection(t.Context(), "c"); err != nil {
		t.Error(err)
	}
	files, err := os.ReadDir(filepath.Join(directory, "c"))
	if err != nil || len(files) != 6 {
		t.Errorf("left are %v, %v", files, err)
	}
}

// Temporary files that a killed process has left go when the store is set up,
// those of writers at work stay.
func TestAbandoned(t *testing.T) {
	store, directory, _ := planted(t)
	old, fresh := filepath.Join(directory, temporaryDirectory, "old"), filepath.Join(directory, temporaryDirectory, "fresh")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-abandoned - time.Minute)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	next, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if err := next.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the abandoned file: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error(err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != nil {
		t.Error(err)
	}
}
