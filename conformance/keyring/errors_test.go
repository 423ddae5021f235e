package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// wantErrors wants every way to read an entry that is there, and cannot be
// read, to be an error, and none to be a miss.
func wantErrors(t *testing.T, store core.Store, collection, key string, matches func(error) bool) {
	t.Helper()
	ctx := t.Context()
	want := func(call string, err error) {
		t.Helper()
		if err == nil || errors.Is(err, core.ErrNotFound) || !matches(err) {
			t.Errorf("%s = %v; want another error", call, err)
		}
	}
	_, err := store.Get(ctx, collection, key)
	want("Get", err)
	_, err = store.GetMany(ctx, collection, []string{key})
	want("GetMany", err)
	_, err = core.GetAppend(ctx, store, collection, key, nil)
	want("GetAppend", err)
	err = nil
	for _, each := range core.Keys(ctx, store, collection) {
		err = errors.Join(err, each)
	}
	want("Keys", err)
}

func anyError(error) bool { return true }

// prepared returns a store of files with one entry, and the path of that.
func prepared(t *testing.T) (store *keyring.Store, config *keyring.Config, path string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "items")
	config = inFiles(dir)
	store = open(t, config)
	if err := store.Put(t.Context(), "c", "k", []byte(`{"secret":"canary"}`), 0); err != nil {
		t.Fatal(err)
	}
	return store, config, filepath.Join(dir, store.ItemName("c", "k"))
}

func TestFileWrongPassword(t *testing.T) {
	t.Parallel()
	store, config, _ := prepared(t)
	config.FilePassword = driver.FixedStringPrompt("wrong")
	wrong := open(t, config)
	notCorrupt := func(err error) bool { return !errors.Is(err, core.ErrCorrupt) }
	wantErrors(t, wrong, "c", "k", notCorrupt)
	if _, err := wrong.Delete(t.Context(), "c", "k"); err == nil {
		t.Error("Delete of an entry that cannot be decrypted = nil")
	}
	if _, err := wrong.DestroyCollection(t.Context(), "c"); err == nil {
		t.Error("DestroyCollection with an entry that cannot be decrypted = nil")
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != nil {
		t.Errorf("Get with the right password, afterwards = %v", err)
	}
}

func TestFileDamaged(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty": "", "torn": "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLC", "no token": "hello", "five dots": "a.b.c.d.e", "binary": "\x00\xff",
	} {
		t.Run(name, func(t *testing.T) {
			store, _, path := prepared(t)
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			wantErrors(t, store, "c", "k", func(err error) bool { return errors.Is(err, core.ErrCorrupt) })
			if deleted, err := store.Delete(t.Context(), "c", "k"); deleted || err != nil {
				t.Errorf("Delete = %v, %v; want false, nil", deleted, err)
			}
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the file is still there: %v", err)
			}
		})
	}
}

// Links, directories and pipes are not followed.
func TestFileThatIsNone(t *testing.T) {
	t.Parallel()
	store, _, path := prepared(t)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Rename(path, outside); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, path); err != nil {
		t.Fatal(err)
	}
	wantErrors(t, store, "c", "k", func(err error) bool { return errors.Is(err, core.ErrCorrupt) })
	before, err := os.ReadFile(outside)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(outside); err != nil || string(after) != string(before) {
		t.Errorf("Put wrote through a link: %v", err)
	}
}

// What is not a directory, or went away, is an error where it is one.
func TestFileDirectoryGone(t *testing.T) {
	t.Parallel()
	store, config, _ := prepared(t)
	if err := os.RemoveAll(config.FileDir); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get without a directory = %v; want ErrNotFound", err)
	}
	if _, err := os.Stat(config.FileDir); !errors.Is(err, os.ErrNotExist) {
		t.Error("Get has made the directory")
	}
	if err := os.WriteFile(config.FileDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantErrors(t, store, "c", "k", anyError)
}

// A password function that fails is an error, and so is an empty password.
func TestFilePasswordFails(t *testing.T) {
	t.Parallel()
	_, config, _ := prepared(t)
	refused := errors.New("the user said no")
	for name, prompt := range map[string]driver.PromptFunc{
		"error":   func(string) (string, error) { return "", refused },
		"empty":   driver.FixedStringPrompt(""),
		"missing": keyring.PasswordFromEnvironment("KEYVALUE_NO_SUCH_VARIABLE"),
		"panic":   func(string) (string, error) { panic("no terminal") },
	} {
		config.FilePassword = prompt
		store := open(t, config)
		wantErrors(t, store, "c", "k", func(err error) bool {
			return !errors.Is(err, core.ErrCorrupt) && (name != "error" || errors.Is(err, refused))
		})
		if err := store.Put(t.Context(), "c", "k", []byte(`{}`), 0); err == nil {
			t.Errorf("%s: Put = nil", name)
		}
	}
}

// gpg that cannot decrypt, and a store that is not there, are errors.
func TestPassErrors(t *testing.T) {
	t.Parallel()
	config := inPasswordStore(t)
	store := open(t, config)
	if err := store.Put(t.Context(), "c", "k", []byte(`{"a":1}`), 0); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(config.PassDir, keyring.DefaultService, store.ItemName("c", "k")+".gpg")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	wantErrors(t, store, "c", "k", func(err error) bool { return !errors.Is(err, core.ErrCorrupt) })
	if err := os.RemoveAll(config.PassDir); err != nil {
		t.Fatal(err)
	}
	wantErrors(t, store, "c", "k", anyError)
	if err := store.Put(t.Context(), "c", "k", []byte(`{"a":1}`), 0); err == nil {
		t.Error("Put without a store = nil")
	}
	if err := store.Ping(t.Context()); err == nil {
		t.Error("Ping without a store = nil")
	}
}
