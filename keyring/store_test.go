package keyring

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// fake is a ring in memory. One that folds sees no difference between upper and
// lower case, and keeps the first spelling, as some systems do.
//
// It has a lock, which rings need not have: the suite writes past the store,
// also while a call that was left is still on its way.
type fake struct {
	mutex sync.Mutex
	data  map[string][]byte
	fold  bool
	limit int   // largest item, 0 for any
	err   error // what every call returns
	lies  bool  // Get and Keys hide err
}

func newFake() *fake { return &fake{data: make(map[string][]byte)} }

func (f *fake) name(key string) string {
	if f.fold {
		for name := range f.data {
			if strings.EqualFold(name, key) {
				return name
			}
		}
	}
	return key
}

func (f *fake) Get(key string) (keyring.Item, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	data, ok := f.data[f.name(key)]
	if !ok || f.lies && f.err != nil {
		return keyring.Item{}, keyring.ErrKeyNotFound
	}
	return keyring.Item{Key: key, Data: data}, f.err
}

func (f *fake) GetMetadata(string) (keyring.Metadata, error) {
	return keyring.Metadata{}, keyring.ErrMetadataNotSupported
}

func (f *fake) Set(item keyring.Item) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.limit > 0 && len(item.Data) > f.limit {
		return errors.New("the item is larger than the backend takes")
	}
	if f.err == nil {
		f.data[f.name(item.Key)] = slices.Clone(item.Data)
	}
	return f.err
}

func (f *fake) Remove(key string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if _, ok := f.data[f.name(key)]; !ok {
		return keyring.ErrKeyNotFound
	}
	delete(f.data, f.name(key))
	return f.err
}

func (f *fake) Keys() ([]string, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return slices.Collect(maps.Keys(f.data)), f.err
}

const everything = core.CanKeys | core.CanCollections | core.CanDestroyCollection | core.CanDestroy | core.CanCull | core.CanPing

// The names of every backend hold on a ring that takes no more than that
// backend does, whichever system the test runs on.
func TestConformanceOfNames(t *testing.T) {
	for backend, k := range kinds {
		t.Run(string(backend), func(t *testing.T) {
			t.Parallel()
			suite(t, "", k)
		})
	}
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		suite(t, "prefix/of-ours_", unknown)
	})
}

func suite(t *testing.T, prefix string, k *kind) {
	ring := newFake()
	ring.fold = k.names.FoldCase
	roomy := *k // the suite has values that no credential of Windows can hold
	roomy.maxValue, roomy.maxName = 0, 0
	storetest.Run(t, func(*testing.T) core.Store {
		return storeOver(ring, &roomy, plain{ring}, prefix)
	}, &storetest.Options{
		Capabilities: everything, InProcess: true, BestEffortDelete: true, Many: 100,
		Corrupt: func(_ context.Context, store core.Store, collection, key string) error {
			return ring.Set(keyring.Item{Key: store.(*Store).ItemName(collection, key), Data: []byte("{")})
		},
	})
}

// The largest value fits beside the longest names, whatever these consist of.
func TestLimits(t *testing.T) {
	for backend, limit := range map[keyring.BackendType]int{keyring.WinCredBackend: 2560, keyring.KeyCtlBackend: 32767} {
		k := kinds[backend]
		ring := newFake()
		ring.limit = limit
		store, err := New(ring, &Options{Backend: backend})
		if err != nil {
			t.Fatal(err)
		}
		largest := []byte(`{"a":"` + strings.Repeat("x", k.maxValue-8) + `"}`)
		for _, char := range []string{"x", "\x00", "\"", "é", "🔑"} {
			name := strings.Repeat(char, k.maxName/inJSON(char))
			if err := store.Put(t.Context(), name, name, largest, 292*365*24*time.Hour); err != nil {
				t.Errorf("%s: Put of the largest value under the longest names of %q = %v", backend, char, err)
			}
			if entry, err := store.Get(t.Context(), name, name); err != nil || len(entry.Value) != len(largest) {
				t.Errorf("%s: Get under the longest names of %q = %v", backend, char, err)
			}
			longer := name + strings.Repeat(char, k.maxName%inJSON(char)+1)
			for _, pair := range [][2]string{{longer, "k"}, {"c", longer}} {
				if err := store.Put(t.Context(), pair[0], pair[1], []byte("{}"), 0); !errors.Is(err, core.ErrInvalidKey) {
					t.Errorf("%s: Put under longer names of %q = %v; want ErrInvalidKey", backend, char, err)
				}
			}
		}
		if err := store.Put(t.Context(), "c", "k", append([]byte(" "), largest...), 0); !errors.Is(err, core.ErrTooLarge) {
			t.Errorf("%s: Put of a larger value = %v; want ErrTooLarge", backend, err)
		}
	}
}

// Where the driver hides an error, the store finds it.
func TestHiddenErrors(t *testing.T) {
	broken := errors.New("broken")
	locked := newFake()
	locked.data["c::k"] = []byte("{}")
	locked.err, locked.lies = broken, true
	shut := struct{ handle int32 }{-1}
	empty := newFake()
	closed := &kwallet{plain{empty}, reflect.ValueOf(&shut).Elem().FieldByName("handle")}
	unreadable := newFake()
	unreadable.data["c::k"] = []byte("{}")
	for name, call := range map[string]func() error{
		"keychain: an item that is listed and not found": func() error {
			_, err := (&keychain{plain{onlyListed{unreadable}}}).get("c::k")
			return err
		},
		"keychain: a list that fails": func() error { _, err := (&keychain{plain{locked}}).get("c::k"); return err },
		"kwallet: get":                func() error { _, err := closed.get("c::k"); return err },
		"kwallet: set":                func() error { return closed.set("c::k", []byte("{}")) },
		"kwallet: names":              func() error { _, err := closed.names(); return err },
		"kwallet: ping":               closed.ping,
		"secret service: a list beside an error": func() error {
			_, err := (&secretService{plain{locked}}).names()
			return err
		},
	} {
		if err := call(); err == nil || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s = %v; want an error that is no miss", name, err)
		}
	}
	if _, err := (&keychain{plain{newFake()}}).get("c::k"); err != core.ErrNotFound {
		t.Errorf("keychain: a miss = %v; want ErrNotFound", err)
	}
}

// onlyListed lists items that it does not find.
type onlyListed struct{ *fake }

func (onlyListed) Get(string) (keyring.Item, error) { return keyring.Item{}, keyring.ErrKeyNotFound }

// A wallet that does not keep what it was given, or keeps what it should
// remove, is an error.
func TestWalletThatForgets(t *testing.T) {
	open := struct{ handle int32 }{1}
	handle := reflect.ValueOf(&open).Elem().FieldByName("handle")
	ring := newFake()
	good := &kwallet{plain{ring}, handle}
	if err := errors.Join(good.set("a", []byte("{}")), good.remove("a"), good.ping()); err != nil {
		t.Error(err)
	}
	if err := (&kwallet{plain{onlyListed{ring}}, handle}).set("a", []byte("{}")); err == nil {
		t.Error("set of a wallet that forgets = nil")
	}
	stuck := newFake()
	stuck.data["a"] = []byte("{}")
	if err := (&kwallet{plain{keeps{stuck}}, handle}).remove("a"); err == nil {
		t.Error("remove of a wallet that keeps = nil")
	}
}

type keeps struct{ *fake }

func (keeps) Remove(string) error { return nil }

func TestNewRefuses(t *testing.T) {
	var none *keyring.ArrayKeyring
	files, err := keyring.Open(keyring.Config{AllowedBackends: []keyring.BackendType{keyring.FileBackend}})
	if err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func() (*Store, error){
		"no ring":               func() (*Store, error) { return New(nil, nil) },
		"a nil ring":            func() (*Store, error) { return New(none, nil) },
		"files without a place": func() (*Store, error) { return New(files, nil) },
		"another backend":       func() (*Store, error) { return New(files, &Options{Backend: keyring.PassBackend}) },
		"no backend":            func() (*Store, error) { return New(newFake(), &Options{Backend: "floppy"}) },
		"a prefix that leads up": func() (*Store, error) {
			return New(newFake(), &Options{Prefix: "../"})
		},
		"a prefix of an option": func() (*Store, error) { return New(newFake(), &Options{Prefix: "-x"}) },
		"a strange prefix":      func() (*Store, error) { return New(newFake(), &Options{Prefix: "a b"}) },
		"a long prefix":         func() (*Store, error) { return New(newFake(), &Options{Prefix: strings.Repeat("x", 101)}) },
		"a folder as a prefix": func() (*Store, error) {
			return New(newFake(), &Options{Backend: keyring.PassBackend, Prefix: "a/"})
		},
		"a prefix that folds": func() (*Store, error) { return New(newFake(), &Options{Prefix: "Up"}) },
	} {
		store, err := make()
		var e *core.Error
		if store != nil || !errors.As(err, &e) || !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v; want an *Error with ErrInvalidOptions", name, err)
		}
	}
}

// The rings of the driver are known by their types, and what they hide is found
// in them.
func TestRingsOfTheDriver(t *testing.T) {
	dir := t.TempDir()
	config := keyring.Config{
		FileDir: dir, FilePasswordFunc: keyring.FixedStringPrompt("x"),
		PassDir: dir, PassCmd: "go", PassPrefix: "p",
	}
	for _, backend := range []keyring.BackendType{keyring.FileBackend, keyring.PassBackend} {
		if !slices.Contains(keyring.AvailableBackends(), backend) {
			continue // pass, on Windows
		}
		config.AllowedBackends = []keyring.BackendType{backend}
		ring, err := keyring.Open(config)
		if err != nil {
			t.Fatal(err)
		}
		k, access, err := examine(ring, "")
		if err != nil || k.backend != backend {
			t.Fatalf("%s: %v, %v", backend, k, err)
		}
		switch access := access.(type) {
		case *files:
			if access.dir != dir {
				t.Errorf("file is in %q", access.dir)
			}
		case *password:
			if access.root != dir || access.command != "go" || !strings.HasSuffix(access.dir, "p") {
				t.Errorf("pass is %+v", access)
			}
		default:
			t.Errorf("%s is %T", backend, access)
		}
	}
}
