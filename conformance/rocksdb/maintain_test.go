package rocksdb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

func TestCheckpoint(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := t.TempDir()
	store := open(t, filepath.Join(directory, "data"), nil)
	for i := range 1000 {
		if err := store.Put(ctx, "c", fmt.Sprint(i), json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	copied := filepath.Join(directory, "copy")
	if err := store.Checkpoint(ctx, copied); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the copy has mode %v, %v; want it to be its owner's alone", info.Mode(), err)
	}
	for _, taken := range []string{copied, directory, filepath.Join(directory, "absent", "copy"), "", "with\x00nul"} {
		var failure *core.Error
		if err := store.Checkpoint(ctx, taken); !errors.As(err, &failure) || failure.Op != "checkpoint" {
			t.Errorf("Checkpoint(%q) = %v; want an error of checkpoint", taken, err)
		}
	}
	if err := store.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
	other := open(t, copied, &rocksdb.Options{NoCreate: true})
	keys, err := collect(other.Keys(ctx, "c"))
	if len(keys) != 1000 || err != nil {
		t.Errorf("the copy has %d keys, %v; want those of the moment it was made", len(keys), err)
	}
	if err := other.Put(ctx, "c", "new", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Error(err)
	}
	if _, err := store.Get(ctx, "c", "new"); err != core.ErrNotFound {
		t.Errorf("Get of what was put into the copy = %v", err)
	}
}

// A store that only reads sees the database as it was, writes nothing, and
// keeps nobody out.
func TestReadOnly(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := filepath.Join(t.TempDir(), "data")
	store := open(t, directory, nil)
	put := func(key string) {
		t.Helper()
		if err := store.Put(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	put("table")
	if err := store.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	put("log")
	before := contents(t, filepath.Join(directory))
	readers := []*rocksdb.Store{
		open(t, directory, &rocksdb.Options{ReadOnly: true}),
		open(t, directory, &rocksdb.Options{ReadOnly: true}),
	}
	if after := contents(t, directory); len(after) != len(before) {
		t.Errorf("there are %d files instead of %d", len(after), len(before))
	}
	put("later")
	for _, reader := range readers {
		keys, err := collect(reader.Keys(ctx, "c"))
		if err != nil || !slices.Equal(keys, []string{"log", "table"}) {
			t.Errorf("Keys = %q, %v; want what was there", keys, err)
		}
		for name, call := range map[string]func() error{
			"Put":     func() error { return reader.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL) },
			"PutMany": func() error { return reader.PutMany(ctx, "c", []core.Item{{Key: "k", Value: json.RawMessage(`{}`)}}) },
			"Delete":  func() error { _, err := reader.Delete(ctx, "c", "log"); return err },
			"DeleteMany": func() error {
				_, err := reader.DeleteMany(ctx, "c", []string{"log"})
				return err
			},
			"Insert": func() error {
				_, err := reader.Insert(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL)
				return err
			},
			"Cull":              func() error { _, err := reader.Cull(ctx); return err },
			"DestroyCollection": func() error { _, err := reader.DestroyCollection(ctx, "c"); return err },
			"Destroy":           func() error { return reader.Destroy(ctx) },
			"Flush":             func() error { return reader.Flush(ctx) },
			"Compact":           func() error { return reader.Compact(ctx) },
			"DB.Put":            func() error { return reader.DB().Put([]byte("k"), nil) },
			"DB.Delete":         func() error { return reader.DB().Delete([]byte("k")) },
		} {
			if err := call(); !errors.Is(err, core.ErrReadOnly) {
				t.Errorf("%s = %v; want ErrReadOnly", name, err)
			}
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCompressions(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := t.TempDir()
	value := json.RawMessage(`{"text":"` + strings.Repeat("all the same ", 1000) + `"}`)
	for _, compression := range []rocksdb.Compression{rocksdb.None, rocksdb.Snappy, rocksdb.LZ4, rocksdb.Zstd, ""} {
		store := open(t, directory, &rocksdb.Options{Compression: compression})
		for i := range 20 {
			if err := store.Put(ctx, "c", fmt.Sprint(compression, i), value, core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	store := open(t, directory, nil)
	keys, err := collect(store.Keys(ctx, "c"))
	if len(keys) != 100 || err != nil {
		t.Fatalf("Keys gives %d keys, %v; want 100", len(keys), err)
	}
	entries, err := store.GetMany(ctx, "c", keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		if string(entry.Value) != string(value) {
			t.Errorf("the value of %s is another", keys[i])
		}
	}
}

func TestProperty(t *testing.T) {
	need(t)
	store := open(t, t.TempDir(), nil)
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if text, err := store.DB().Property("rocksdb.estimate-num-keys"); text != "2" || err != nil {
		t.Errorf("the number of keys = %q, %v; want the entry and the marker", text, err)
	}
	for _, unknown := range []string{"", "rocksdb.absent", "rocksdb.stats\x00"} {
		if text, err := store.DB().Property(unknown); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("Property(%q) = %q, %v; want ErrInvalidOptions", unknown, text, err)
		}
	}
}
