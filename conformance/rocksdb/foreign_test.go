package rocksdb_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// contents returns the files of a directory. The lock is not opened: to close it
// again would release the lock that a store of this process has on it.
func contents(t *testing.T, directory string) map[string][sha256.Size]byte {
	t.Helper()
	files := make(map[string][sha256.Size]byte)
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if entry.Name() == "LOCK" {
			files[path] = [sha256.Size]byte{}
			return nil
		}
		data, err := os.ReadFile(path)
		files[path] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Another program's database is refused, and not a byte of it is changed: not by
// compaction either, to which its values look like expired entries.
func TestForeignDatabase(t *testing.T) {
	need(t)
	program := filepath.Join(t.TempDir(), "foreign")
	compile(t, "-o", program, filepath.Join("testdata", "foreign.c"), "-lrocksdb")
	for _, kind := range []string{"plain", "comparator", "families", "newer"} {
		t.Run(kind, func(t *testing.T) {
			directory := filepath.Join(t.TempDir(), "data")
			if output, err := exec.Command(program, directory, kind).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			before := contents(t, directory)
			for _, options := range []*rocksdb.Options{nil, {NoCreate: true}, {ReadOnly: true}} {
				store, err := rocksdb.New(directory, options)
				if err == nil {
					store.Close()
				}
				if !errors.Is(err, rocksdb.ErrForeign) {
					t.Errorf("New(%+v) = %v; want ErrForeign", options, err)
				}
			}
			if after := contents(t, directory); !maps.Equal(before, after) {
				t.Errorf("the files were %q, and are %q", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
			}
		})
	}
}

// Other files of a directory are not put at risk: RocksDB removes some by name.
func TestDirectoryWithOtherFiles(t *testing.T) {
	need(t)
	for _, name := range []string{"notes.txt", "000123.log", "000007.sst", ".hidden"} {
		directory := t.TempDir()
		if err := os.WriteFile(filepath.Join(directory, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		before := contents(t, directory)
		if _, err := rocksdb.New(directory, nil); !errors.Is(err, rocksdb.ErrForeign) {
			t.Errorf("New of a directory with %s = %v; want ErrForeign", name, err)
		}
		if after := contents(t, directory); !maps.Equal(before, after) {
			t.Errorf("the directory has %d files instead of %d", len(after), len(before))
		}
	}
}

// What another program has put into our database is no entry, and hides none.
func TestForeignKeys(t *testing.T) {
	need(t)
	ctx := t.Context()
	store := open(t, t.TempDir(), nil)
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	foreign := []string{"plain", "::k", "c::", "c::\xff", "\xff::k", "~kv1~%zz::k", "\xff\xff", ""}
	for _, key := range foreign {
		if err := store.DB().Put([]byte(key), []byte("\x00\x00\x00\x00\x00\x00\x00\x00{}")); err != nil {
			t.Fatal(err)
		}
	}
	keys, err := collect(store.Keys(ctx, "c"))
	if err != nil || !slices.Equal(keys, []string{"k"}) {
		t.Errorf("Keys = %q, %v; want the one entry", keys, err)
	}
	collections, err := collect(store.Collections(ctx))
	if err != nil || !slices.Equal(collections, []string{"c"}) {
		t.Errorf("Collections = %q, %v; want the one collection", collections, err)
	}
	if n, err := store.Cull(ctx); n != 0 || err != nil {
		t.Errorf("Cull = %d, %v; want nothing", n, err)
	}
}
