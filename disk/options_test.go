package disk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestIllegalOptions(t *testing.T) {
	for name, options := range map[string]*Options{
		"negative size":  {MaxSize: -1},
		"file type":      {FileMode: fs.ModeDir | 0o600},
		"write-only":     {FileMode: 0o200},
		"no way in":      {DirectoryMode: 0o600},
		"directory type": {DirectoryMode: fs.ModeSticky | 0o700},
	} {
		if _, err := New("x", options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := NewMulti("x", &MultiOptions{Options: *options}); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s, multi: %v", name, err)
		}
	}
	if _, err := New("", nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Error(err)
	}
	for name, directories := range map[string]map[string]string{
		"no name":             {"a": ""},
		"illegal collection":  {"\xff": "x"},
		"one directory twice": {"a": "x", "b": "./x"},
		"that of all":         {"a": "m"},
		"default twice":       {"": "x", core.DefaultCollection: "y"},
	} {
		if _, err := NewMulti("m", &MultiOptions{Directories: directories}); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]struct {
		directory string
		options   Options
		multi     bool
	}{
		"disk:///var/data": {directory: "/var/data"},
		"disk:data":        {directory: "data"},
		"disk:a%20b":       {directory: "a b"},
		"disk:///a%20b?sync=true&max_size=1000&no_create=1": {directory: "/a b", options: Options{Sync: true, MaxSize: 1000, NoCreate: true}},
		"disk:///d?directory_mode=0750&file_mode=640":       {directory: "/d", options: Options{DirectoryMode: 0o750, FileMode: 0o640}},
		"disk:///d?multi=true":                              {directory: "/d", multi: true},
	} {
		directory, options, multi, err := parse(text)
		if err != nil || filepath.ToSlash(directory) != want.directory || options != want.options || multi != want.multi {
			t.Errorf("%s: %q, %+v, %v, %v", text, directory, options, multi, err)
		}
	}
	for _, text := range []string{
		"disk:", "disk://host/x", "disk:///x?sync=perhaps", "disk:///x?unknown=1", "disk:///x?sync=1&sync=1", "disk:///x#y",
		"disk:///x?max_size=many", "disk:///x?file_mode=9", "disk:///x%00y", "disk:%zz", "://", "disk:///x?max_size=-1",
	} {
		if store, err := Open(t.Context(), text); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v, %v", text, store, err)
		}
	}
}

// Modes are those asked for.
func TestModes(t *testing.T) {
	if os.PathSeparator != '/' {
		return // Windows has no such permissions
	}
	directory := filepath.Join(t.TempDir(), "data")
	store, err := New(directory, &Options{DirectoryMode: 0o750, FileMode: 0o640})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	locks, err := filepath.Glob(filepath.Join(directory, lockDirectory, "*"))
	if err != nil || len(locks) != 1 {
		t.Fatalf("locks: %q, %v", locks, err)
	}
	lock := lockDirectory + "/" + filepath.Base(locks[0])
	for name, want := range map[string]fs.FileMode{".": 0o750, "c": 0o750, "c/k.json": 0o640, lockDirectory: 0o750, lock: 0o640} {
		info, err := os.Stat(filepath.Join(directory, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has %v, %v", name, info.Mode(), err)
		}
	}
}

// NoCreate makes no directory, for a read, a write or a Setup.
func TestNoCreate(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "absent")
	for name, open := range map[string]func() (core.Store, error){
		"store": func() (core.Store, error) { return New(directory, &Options{NoCreate: true}) },
		"multi": func() (core.Store, error) {
			return NewMulti(directory, &MultiOptions{Options: Options{NoCreate: true}})
		},
	} {
		store, err := open()
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), 0); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s: Put: %v", name, err)
		}
		if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s: Get: %v", name, err)
		}
		if err := core.Ping(t.Context(), store); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: Ping: %v", name, err)
		}
		if _, err := os.Stat(directory); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the directory: %v", name, err)
		}
	}
}

// A limited directory keeps what was written last, and drops what has expired
// before what lives.
func TestMaxSize(t *testing.T) {
	directory := t.TempDir()
	const limit = 64 << 10
	store, err := New(directory, &Options{MaxSize: limit})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx := t.Context()
	value := json.RawMessage(`{"text":"` + strings.Repeat("x", 800) + `"}`)
	if err := store.Put(ctx, "kept", "first", value, 0); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := store.Put(ctx, "gone", fmt.Sprint(i), value, time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(5 * time.Millisecond)
	for i := range 50 {
		if err := store.Put(ctx, "c", fmt.Sprint(i), value, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Get(ctx, "kept", "first"); err != nil {
		t.Errorf("an entry went before those that had expired: %v", err)
	}
	for i := range 500 {
		if err := store.Put(ctx, "c", fmt.Sprint(i), value, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Get(ctx, "c", fmt.Sprint(i)); err != nil {
			t.Fatalf("what was just written: %v", err)
		}
	}
	_, total, err := weigh(ctx, mustRoot(t, directory))
	if err != nil || total > limit+limit/5 {
		t.Errorf("%d bytes, %v", total, err)
	}
	if _, err := store.Get(ctx, "c", "1"); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("an old entry: %v", err)
	}
	large := json.RawMessage(`{"text":"` + strings.Repeat("x", limit) + `"}`)
	if err := store.Put(ctx, "c", "large", large, 0); !errors.Is(err, core.ErrTooLarge) {
		t.Errorf("an entry that exceeds the limit alone: %v", err)
	}
	if _, err := store.Get(ctx, "c", "499"); err != nil {
		t.Errorf("it took something with it: %v", err)
	}
}

func mustRoot(t *testing.T, directory string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(directory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// A collection may lie elsewhere, and every directory is that of a store.
func TestMultiDirectories(t *testing.T) {
	ctx := t.Context()
	directory, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
	store, err := NewMulti(directory, &MultiOptions{Directories: map[string]string{"sessions": elsewhere}})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	long := strings.Repeat("x", 300)
	for _, collection := range []string{"sessions", "users", long} {
		if err := store.Put(ctx, collection, "k", json.RawMessage(`{}`), 0); err != nil {
			t.Fatal(err)
		}
	}
	seen := make(map[string]bool)
	for collection, err := range store.Collections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		seen[collection] = true
	}
	if len(seen) != 3 || !seen["sessions"] || !seen["users"] || !seen[long] {
		t.Errorf("collections: %v", seen)
	}
	alone, err := New(elsewhere, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if _, err := alone.Get(ctx, "sessions", "k"); err != nil {
		t.Error(err)
	}
	if err := store.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Get(ctx, "sessions", "k"); !errors.Is(err, core.ErrNotFound) {
		t.Error(err)
	}
}
