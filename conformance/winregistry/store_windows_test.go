package winregistry_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

// base is what all keys of the tests lie in.
const base = `Software\keyvalue-tests`

// suiteOptions are those of the suite.
var suiteOptions = &storetest.Options{
	Capabilities:  core.CanAll,
	MaxKey:        winregistry.MaxKey,
	MaxCollection: winregistry.MaxCollection,
	MaxValue:      winregistry.MaxValue,
	Corrupt:       corrupt,
}

// newPath returns the path of a key for the test alone, which is removed after
// it.
func newPath(t testing.TB, hive registry.Key) string {
	t.Helper()
	reported(t)
	path := base + `\` + rand.Text()
	t.Cleanup(func() {
		if err := removeTree(hive, path); err != nil {
			t.Error(err)
		}
	})
	return path
}

// removeTree removes a key with all that is in it. It follows no link.
func removeTree(parent registry.Key, path string) error {
	key, err := openAsLink(parent, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !isLink(key) {
		names, listErr := key.ReadSubKeyNames(-1)
		err = listErr
		for _, name := range names {
			err = errors.Join(err, removeTree(key, name))
		}
	}
	return errors.Join(err, removeOpen(key), key.Close())
}

// open returns a store that is closed with the test.
func open(t testing.TB, options *winregistry.Options) *winregistry.Store {
	t.Helper()
	store, err := winregistry.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// newStore returns a store in a key of its own, and the path.
func newStore(t testing.TB) (*winregistry.Store, string) {
	t.Helper()
	path := newPath(t, registry.CURRENT_USER)
	return open(t, &winregistry.Options{Path: path}), path
}

// corrupt sets the value of an entry to what is no entry, past the store.
func corrupt(_ context.Context, store core.Store, collection, key string) error {
	return raw(store, collection, key, func(k registry.Key, value string) error {
		return k.SetStringValue(value, `{"value":[1]}`)
	})
}

// raw calls the function with the key and the name of the value that the entry
// lies in. It makes the key if there is none.
func raw(store core.Store, collection, key string, call func(k registry.Key, value string) error) error {
	path, value := store.(*winregistry.Store).Locate(collection, key)
	hives := map[string]registry.Key{
		"HKEY_CURRENT_USER": registry.CURRENT_USER, "HKEY_LOCAL_MACHINE": registry.LOCAL_MACHINE, "HKEY_USERS": registry.USERS,
	}
	hive, path, _ := strings.Cut(path, `\`)
	k, _, err := registry.CreateKey(hives[hive], path, registry.ALL_ACCESS|view(hives[hive]))
	if err != nil {
		return err
	}
	return errors.Join(call(k, value), k.Close())
}

// view is the one that the tests of a hive use: where there are two, that of
// 32-bit programs.
func view(hive registry.Key) uint32 {
	if hive == registry.LOCAL_MACHINE {
		return registry.WOW64_32KEY
	}
	return 0
}

// must fails the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// names returns what a listing gives, sorted.
func names(t testing.TB, listing iter.Seq2[string, error]) []string {
	t.Helper()
	var all []string
	for name, err := range listing {
		must(t, err)
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// firstError returns the first error in a listing.
func firstError(listing iter.Seq2[string, error]) error {
	for _, err := range listing {
		if err != nil {
			return err
		}
	}
	return nil
}

// valueCount returns how many values are in the key, or -1 if there is none.
func valueCount(t testing.TB, path string) int {
	t.Helper()
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.READ)
	if errors.Is(err, fs.ErrNotExist) {
		return -1
	}
	must(t, err)
	defer key.Close()
	info, err := key.Stat()
	must(t, err)
	return int(info.ValueCount)
}
