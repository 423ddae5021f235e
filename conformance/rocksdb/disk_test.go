//go:build unix

package rocksdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// limited is the variable that makes the test program fill a database until its
// files may grow no further.
const limited = "KEYVALUE_TEST_ROCKSDB_LIMITED"

func init() { children[limited] = fill }

// fill puts entries until the disk refuses one, and says how many it took and
// what the error was.
func fill(directory string) {
	signal.Ignore(syscall.SIGXFSZ)
	store, err := rocksdb.New(directory, nil)
	if err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20})
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	value := fmt.Appendf(nil, `{"text":"%s"}`, strings.Repeat("x", 10_000))
	n := 0
	for attempts := 0; attempts < 100 && n < 1000; attempts++ {
		problem := store.PutMany(context.Background(), "c", []core.Item{
			{Key: fmt.Sprint(n, "a"), Value: value}, {Key: fmt.Sprint(n, "b"), Value: value},
		})
		if problem == nil {
			n++
		} else {
			err = problem
		}
	}
	fmt.Printf("%d\n%v\n", n, err)
	var failure *core.Error
	if !errors.As(err, &failure) {
		os.Exit(1)
	}
	// What is there can still be read.
	if _, err := store.Get(context.Background(), "c", "0a"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_ = store.Close()
	os.Exit(0)
}

// A disk that takes no more is an error, and nothing that was acknowledged is
// lost: not by the next attempts either.
func TestDiskThatTakesNoMore(t *testing.T) {
	need(t)
	directory := filepath.Join(t.TempDir(), "data")
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), limited+"="+directory)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var count int
	if _, err := fmt.Sscan(string(output), &count); err != nil || count < 10 || count > 100 {
		t.Fatalf("the program says %q; want some dozens of entries and an error", output)
	}
	t.Logf("%s", output)
	store := open(t, directory, nil)
	for n := range count {
		for _, half := range "ab" {
			if _, err := store.Get(t.Context(), "c", fmt.Sprint(n, string(half))); err != nil {
				t.Fatalf("Get of entry %d of the %d that were acknowledged = %v", n, count, err)
			}
		}
	}
	if err := store.Put(t.Context(), "c", "after", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Error(err)
	}
}

// A table whose bytes have changed on the disk is an error for the entries in
// it, never a miss, and hides no others.
func TestDamagedTable(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := filepath.Join(t.TempDir(), "data")
	store := open(t, directory, &rocksdb.Options{Compression: rocksdb.None})
	value := fmt.Appendf(nil, `{"text":"%s"}`, strings.Repeat("x", 1000))
	keys := make([]string, 100)
	for i := range keys {
		keys[i] = fmt.Sprintf("%03d", i)
		if err := store.Put(ctx, "c", keys[i], value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(filepath.Join(directory, "*.sst"))
	if err != nil || len(tables) != 1 {
		t.Fatalf("there are tables %q, %v", tables, err)
	}
	data, err := os.ReadFile(tables[0])
	if err != nil {
		t.Fatal(err)
	}
	copy(data[20_000:], "damage")
	if err := os.WriteFile(tables[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	store = open(t, directory, nil)
	entries, err := store.GetMany(ctx, "c", keys)
	failed := core.FailedKeys(err)
	if len(entries) != len(keys) || len(failed) == 0 || len(failed) > 20 {
		t.Fatalf("GetMany = %d entries, %v; want some keys to fail", len(entries), err)
	}
	for i, key := range keys {
		_, err := store.Get(ctx, "c", key)
		if isFailed := slices.Contains(failed, key); isFailed == entries[i].Found() || isFailed != (err != nil) || err == core.ErrNotFound {
			t.Errorf("entry %s was found: %t, is among those that failed: %t, and Get = %v", key, entries[i].Found(), isFailed, err)
		}
	}
	if _, err := store.Delete(ctx, "c", failed[0]); err == nil {
		t.Error("Delete of what cannot be read has an answer")
	}
	if _, err := store.DeleteMany(ctx, "c", failed); err == nil {
		t.Error("DeleteMany of what cannot be read has an answer")
	}
	if _, err := store.Insert(ctx, "c", failed[0], json.RawMessage(`{}`), core.NoTTL); err == nil {
		t.Error("Insert over what cannot be read has an answer")
	}
	if _, err := collect(store.Keys(ctx, "c")); err == nil {
		t.Error("Keys passes over what cannot be read")
	}
	if err := store.Put(ctx, "c", failed[0], json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Error(err)
	}
	if _, err := store.Get(ctx, "c", failed[0]); err != nil {
		t.Errorf("Get of what was written again = %v", err)
	}
}
