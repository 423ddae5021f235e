//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package disk

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Somebody who tidies up removes the files of locks. Who had them open must not
// go on with locks that nobody else can see.
func TestRemovedLocks(t *testing.T) {
	directory := t.TempDir()
	store, err := New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(directory, lockDirectory)); err != nil {
		t.Fatal(err)
	}
	root := mustRoot(t, directory)
	other := newLocks(new(Options))
	defer other.close()
	unlock, err := other.lock(t.Context(), root, fileOf("c", "k"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{"new":1}`), core.NoTTL); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Put while another process has the lock: %v", err)
	}
	unlock()
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{"new":1}`), core.NoTTL); err != nil {
		t.Error(err)
	}
}
