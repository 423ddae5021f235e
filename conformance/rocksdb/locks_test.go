package rocksdb_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// A directory is open once, under whichever name, and free again after Close.
func TestSecondOpen(t *testing.T) {
	need(t)
	directory := filepath.Join(t.TempDir(), "data")
	link := directory + "-link"
	store := open(t, directory, nil)
	if err := os.Symlink(directory, link); err != nil {
		t.Fatal(err)
	}
	names := []string{directory, directory + "/", directory + "/../data", link}
	for _, name := range names {
		if _, err := rocksdb.New(name, nil); !errors.Is(err, rocksdb.ErrLocked) {
			t.Errorf("a second New(%s) = %v; want ErrLocked", name, err)
		}
	}
	// A failed attempt must not have taken the lock from the store: the system
	// drops it when a process closes any of its descriptors of the file.
	if out := openElsewhere(t, directory); !strings.Contains(out, rocksdb.ErrLocked.Error()) {
		t.Errorf("another process says %q; want that the database is in use", out)
	}
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	reader := open(t, directory, &rocksdb.Options{ReadOnly: true})
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if out := openElsewhere(t, directory); !strings.Contains(out, rocksdb.ErrLocked.Error()) {
		t.Errorf("after a store that only reads, another process says %q", out)
	}
	for _, name := range names {
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		store = open(t, name, nil)
		if _, err := store.Get(t.Context(), "c", "k"); err != nil {
			t.Errorf("Get after the database was opened as %s = %v", name, err)
		}
	}
}

// openElsewhere opens the directory in another process and returns what that
// says.
func openElsewhere(t *testing.T, directory string) string {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), writerDirectory+"="+directory)
	output, _ := command.CombinedOutput() // without a number on its input it ends
	return string(output)
}

// What keeps a store from being opened is an error that says so, and leaves
// nothing occupied.
func TestDirectoriesThatCannotBe(t *testing.T) {
	need(t)
	directory := t.TempDir()
	file := filepath.Join(directory, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	absent := filepath.Join(directory, "absent")
	for _, test := range []struct {
		directory string
		options   *rocksdb.Options
		want      error
	}{
		{"", nil, core.ErrInvalidOptions},
		{file, nil, nil},
		{file + "/below", nil, nil},
		{filepath.Join(directory, "with\x00nul"), nil, nil},
		{absent, &rocksdb.Options{NoCreate: true}, os.ErrNotExist},
		{absent, &rocksdb.Options{ReadOnly: true}, os.ErrNotExist},
		{absent, &rocksdb.Options{CacheSize: -1}, core.ErrInvalidOptions},
		{absent, &rocksdb.Options{Compression: "rar"}, core.ErrInvalidOptions},
		{absent, &rocksdb.Options{Library: "librocksdb-other.so"}, core.ErrInvalidOptions},
	} {
		store, err := rocksdb.New(test.directory, test.options)
		var failure *core.Error
		if err == nil {
			store.Close()
		}
		if !errors.As(err, &failure) || failure.Op != "new" || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("New(%q, %+v) = %v; want an error of new that matches %v", test.directory, test.options, err, test.want)
		}
		if _, err := os.Stat(absent); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("New(%q, %+v) has made the directory", test.directory, test.options)
		}
	}
	if err := open(t, absent, nil).Close(); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(absent)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v, %v; want it to be its owner's alone", info.Mode(), err)
	}
}

// A database is complete, empty and ours from the moment it is made, and one
// that was interrupted before is made again.
func TestInterruptedMaking(t *testing.T) {
	need(t)
	directory := t.TempDir()
	for _, name := range []string{"LOCK", "LOG", "MANIFEST-000001", "IDENTITY", "000001.dbtmp"} {
		if err := os.WriteFile(filepath.Join(directory, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store := open(t, directory, nil)
	if err := store.DB().Delete([]byte("~kv1~layout")); err != nil { // as if it had not been written
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store = open(t, directory, &rocksdb.Options{NoCreate: true})
	if value, _, err := store.DB().Get([]byte("~kv1~layout"), nil); string(value) != "keyvalue rocksdb 1" {
		t.Errorf("the marker is %q, %v", value, err)
	}
}
