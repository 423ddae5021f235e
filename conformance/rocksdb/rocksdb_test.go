package rocksdb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// children are what this program does, and ends, when a test has started it
// with that variable set to a directory.
var children = map[string]func(directory string){writerDirectory: write}

func TestMain(m *testing.M) {
	for variable, child := range children {
		if directory := os.Getenv(variable); directory != "" {
			child(directory)
		}
	}
	servers.Main(m)
}

// need ends a test that cannot run for want of the library, and notes which
// library there is for the report.
func need(t testing.TB) {
	t.Helper()
	t.Attr("backend", "rocksdb")
	store, err := rocksdb.New(t.TempDir(), nil)
	if errors.Is(err, rocksdb.ErrNoLibrary) || errors.Is(err, errors.ErrUnsupported) {
		servers.Missing(t, "rocksdb", "no RocksDB: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	version := version(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	servers.Report(t, "rocksdb", "rocksdb "+version, rocksdb.Library())
}

// version returns the version of the library, which it writes into every
// database.
func version(t testing.TB, store *rocksdb.Store) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy")
	if err := store.Checkpoint(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(copied, "OPTIONS-*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("a database has options %q, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := bytes.Cut(text, []byte("rocksdb_version="))
	version, _, found := bytes.Cut(after, []byte("\n"))
	if !found {
		t.Fatal("the options of a database do not tell the version")
	}
	return string(version)
}

// open returns a store over the directory, which is closed with the test.
func open(t testing.TB, directory string, options *rocksdb.Options) *rocksdb.Store {
	t.Helper()
	store, err := rocksdb.New(directory, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// corrupt writes something that is no entry past the store.
func corrupt(_ context.Context, store core.Store, collection, key string) error {
	s, ok := core.As[*rocksdb.Store](store)
	if !ok {
		panic("the suite passes another store than it was given")
	}
	return s.DB().Put([]byte(names.Compound(collection, key)), []byte("\xff is no entry"))
}

var suite = &storetest.Options{
	Capabilities:  core.CanAll,
	MaxKey:        rocksdb.MaxName,
	MaxCollection: rocksdb.MaxName,
	Corrupt:       corrupt,
}

func TestConformance(t *testing.T) {
	t.Parallel()
	need(t)
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, t.TempDir(), nil) }, suite)
}

// A URL opens the same database as New does, with its options.
func TestOpen(t *testing.T) {
	need(t)
	ctx := t.Context()
	directory := filepath.Join(t.TempDir(), "a b", "data")
	url := "rocksdb://" + strings.ReplaceAll(directory, " ", "%20")
	for _, parameters := range []string{
		"", "?sync=true&cache_size=1000000&compression=zstd", "?no_create=true&sync=false&compression=none",
	} {
		store, err := core.Mux{"rocksdb": rocksdb.Open}.Open(ctx, url+parameters)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Put(ctx, "c", "k"+parameters, json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Error(err)
		}
		if err := core.Close(store); err != nil {
			t.Error(err)
		}
	}
	store, err := rocksdb.Open(ctx, url+"?read_only=true")
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(store)
	if keys, err := collect(core.Keys(ctx, store, "c")); len(keys) != 3 || err != nil {
		t.Errorf("Keys = %q, %v; want one for each URL", keys, err)
	}
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); !errors.Is(err, core.ErrReadOnly) {
		t.Errorf("Put into what was opened to read = %v; want ErrReadOnly", err)
	}
}
