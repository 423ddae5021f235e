//go:build linux

package disk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/disk"
)

// lockAll locks what writers lock, as another process would.
func lockAll(t *testing.T, directory string) (unlock func()) {
	t.Helper()
	var files []*os.File
	for i := range 64 {
		file, err := os.OpenFile(filepath.Join(directory, ".lock", fmt.Sprintf("%02d", i)), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	unlock = func() {
		for _, file := range files {
			file.Close()
		}
	}
	t.Cleanup(unlock)
	return unlock
}

// A process that is stopped while it holds a lock keeps nobody for longer than
// the deadline allows.
func TestDeadlineAtLock(t *testing.T) {
	report(t)
	directory := filepath.Join(t.TempDir(), "data")
	store := open(t, directory, nil)
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	unlock := lockAll(t, directory)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{"new":1}`), core.NoTTL); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Put: %v", err)
	}
	if _, err := store.Delete(ctx, "c", "k"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Delete: %v", err)
	}
	if waited := time.Since(start); waited > 20*time.Second {
		t.Errorf("they took %v", waited)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != nil {
		t.Errorf("a reader waits for nobody: %v", err)
	}
	unlock()
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{"new":1}`), core.NoTTL); err != nil {
		t.Error(err)
	}
}

// survives checks that a failed write has lost nothing and left nothing.
func survives(t *testing.T, store *disk.Store, directory string) {
	t.Helper()
	if entry, err := store.Get(t.Context(), "c", "old"); err != nil || string(entry.Value) != `{"old":1}` {
		t.Errorf("the old entry: %s, %v", entry.Value, err)
	}
	if left, err := os.ReadDir(filepath.Join(directory, ".tmp")); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}

// A disk that is full is an error that names what could not be written, and
// keeps what was there. Who may not mount one meets a limit instead.
func TestDiskFull(t *testing.T) {
	report(t)
	if directory, mounted := fullDisk(t); mounted {
		store := open(t, directory, nil)
		if err := overfill(store, syscall.ENOSPC); err != nil {
			t.Error(err)
		}
		survives(t, store, directory)
	}
	directory := t.TempDir()
	if err := startChild(t, "overfill", directory).Wait(); err != nil {
		t.Error(err)
	}
	survives(t, open(t, directory, nil), directory)
}

// The system refuses a child the second half of a file.
func init() {
	tasks["overfill"] = func(store *disk.Store) error {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4 << 20, Max: 4 << 20}); err != nil {
			return err
		}
		return overfill(store, syscall.EFBIG)
	}
}

// overfill writes more than there is room for, and checks what becomes of it.
func overfill(store *disk.Store, want syscall.Errno) error {
	ctx := context.Background()
	if err := store.Put(ctx, "c", "old", json.RawMessage(`{"old":1}`), core.NoTTL); err != nil {
		return err
	}
	large := json.RawMessage(`{"text":"` + strings.Repeat("x", 8<<20) + `"}`)
	for _, key := range []string{"old", "new"} {
		err := store.Put(ctx, "c", key, large, core.NoTTL)
		var named *core.Error
		if !errors.Is(err, want) || !errors.As(err, &named) || named.Key != key || strings.Contains(err.Error(), "xxxx") {
			return fmt.Errorf("Put %s: %w", key, err)
		}
	}
	if inserted, err := store.Insert(ctx, "c", "new", large, core.NoTTL); inserted || !errors.Is(err, want) {
		return fmt.Errorf("Insert: %v, %w", inserted, err)
	}
	if _, err := store.Get(ctx, "c", "new"); !errors.Is(err, core.ErrNotFound) {
		return fmt.Errorf("the new entry: %w", err)
	}
	if err := store.Put(ctx, "c", "small", json.RawMessage(`{}`), core.NoTTL); err != nil {
		return fmt.Errorf("what fits: %w", err)
	}
	return nil
}

func init() { tasks["denied"] = denied }

// denied runs without the rights of root in a directory that it may not write
// to, with an entry that it may not read.
func denied(store *disk.Store) error {
	ctx := context.Background()
	if err := store.Put(ctx, "c", "old", json.RawMessage(`{"new":1}`), core.NoTTL); !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("Put: %w", err)
	}
	if deleted, err := store.Delete(ctx, "c", "old"); deleted || !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("Delete: %v, %w", deleted, err)
	}
	if inserted, err := store.Insert(ctx, "c", "new", json.RawMessage(`{}`), core.NoTTL); inserted || !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("Insert: %v, %w", inserted, err)
	}
	if _, err := store.Get(ctx, "c", "hidden"); !errors.Is(err, fs.ErrPermission) || errors.Is(err, core.ErrNotFound) {
		return fmt.Errorf("Get: %w", err)
	}
	last := error(nil)
	for _, err := range store.Keys(ctx, "c") {
		last = err
	}
	if !errors.Is(last, fs.ErrPermission) {
		return fmt.Errorf("Keys: %w", last)
	}
	if _, err := store.Get(ctx, "c", "old"); err != nil {
		return fmt.Errorf("what may be read: %w", err)
	}
	return nil
}

// What the system does not permit is an error, never a miss, and loses nothing.
func TestPermissionDenied(t *testing.T) {
	report(t)
	above := t.TempDir()
	directory := filepath.Join(above, "data")
	store := open(t, directory, &disk.Options{DirectoryMode: 0o755, FileMode: 0o644})
	for _, key := range []string{"old", "hidden"} {
		if err := store.Put(t.Context(), "c", key, json.RawMessage(`{"old":1}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	hidden := filepath.Join(directory, "c", "hidden.json")
	for name, mode := range map[string]fs.FileMode{hidden: 0, directory: 0o555, filepath.Join(directory, "c"): 0o555, filepath.Join(directory, ".tmp"): 0o555, filepath.Join(directory, ".lock"): 0o555} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { // so that it can be removed
		for _, name := range []string{directory, filepath.Join(directory, "c"), filepath.Join(directory, ".tmp"), filepath.Join(directory, ".lock")} {
			_ = os.Chmod(name, 0o755)
		}
	})
	c := startUnprivileged(t, "denied", directory)
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	survives(t, store, directory)
}
