package wrappers_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func newEncryption(t testing.TB, inner core.Store, options *wrappers.EncryptionOptions) *wrappers.Encryption {
	t.Helper()
	store, err := wrappers.NewEncryption(inner, options)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// encryptionKeys returns options with new keys of these ids.
func encryptionKeys(t testing.TB, ids ...string) *wrappers.EncryptionOptions {
	t.Helper()
	options := new(wrappers.EncryptionOptions)
	for _, id := range ids {
		key, err := wrappers.GenerateEncryptionKey(id)
		if err != nil {
			t.Fatal(err)
		}
		options.Keys = append(options.Keys, key)
	}
	return options
}

// sameJSON reports whether two texts stand for the same.
func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func TestEncryption(t *testing.T) {
	prove(t, wrapping(wrappers.NewEncryption, encryptionKeys(t, "new", "old")), &storetest.WrapperOptions{
		RecodesValues: true,
		Undecodable: json.RawMessage(`{"__encrypted_data__":"AAAA","__encryption_algorithm__":"aes-256-gcm",` +
			`"__encryption_key_id__":"new","__encryption_version__":2}`),
	}, nil)
}

func TestEncryptionOptions(t *testing.T) {
	inner := newMemory(t)
	keys := encryptionKeys(t, "a", "b").Keys
	for name, options := range map[string]*wrappers.EncryptionOptions{
		"nil":      nil,
		"no key":   {AllowPlaintext: true},
		"zero key": {Keys: []wrappers.EncryptionKey{keys[0], {}}},
		"same id":  {Keys: []wrappers.EncryptionKey{keys[0], keys[1], encryptionKeys(t, "a").Keys[0]}},
	} {
		if _, err := wrappers.NewEncryption(inner, options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v, want core.ErrInvalidOptions", name, err)
		}
	}
	if _, err := wrappers.NewEncryption(nil, encryptionKeys(t, "a")); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("nil store: %v, want core.ErrInvalidOptions", err)
	}
}

// A ciphertext opens under its own collection and key only.
func TestEncryptionMoved(t *testing.T) {
	ctx, inner := t.Context(), newMemory(t)
	store := newEncryption(t, inner, encryptionKeys(t, "a"))
	for _, c := range []struct{ from, to [2]string }{
		{[2]string{"ab", "c"}, [2]string{"ab", "d"}},
		{[2]string{"ab", "c"}, [2]string{"a", "bc"}},
		{[2]string{"ab", "c"}, [2]string{"abc", "c"}},
		{[2]string{"ab", "c"}, [2]string{"", "c"}},
		{[2]string{"a\x00b", "c"}, [2]string{"a", "b\x00c"}},
		{[2]string{"a\x01b", "c"}, [2]string{"a", "b\x01c"}},
	} {
		store.Put(ctx, c.from[0], c.from[1], []byte(`{"balance":9}`), core.NoTTL)
		stored, err := inner.Get(ctx, c.from[0], c.from[1])
		if err != nil {
			t.Fatal(err)
		}
		inner.Put(ctx, c.to[0], c.to[1], stored.Value, core.NoTTL)
		if _, err := store.Get(ctx, c.to[0], c.to[1]); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("moved from %q to %q: %v, want core.ErrCorrupt", c.from, c.to, err)
		}
		if _, err := store.Get(ctx, c.from[0], c.from[1]); err != nil {
			t.Errorf("where it was: %v", err)
		}
	}
	// The default collection is one, whatever it is called.
	store.Put(ctx, "", "key", []byte(`{}`), core.NoTTL)
	if _, err := store.Get(ctx, core.DefaultCollection, "key"); err != nil {
		t.Error(err)
	}
}

// Rotation: the first key encrypts, each decrypts, and an unknown one is named.
func TestEncryptionRotation(t *testing.T) {
	ctx, inner := t.Context(), newMemory(t)
	keys := encryptionKeys(t, "2025", "2024").Keys
	newer := newEncryption(t, inner, &wrappers.EncryptionOptions{Keys: keys})
	older := newEncryption(t, inner, &wrappers.EncryptionOptions{Keys: keys[1:]})
	older.Put(ctx, "", "old", []byte(`{"n":1}`), core.NoTTL)
	newer.Put(ctx, "", "new", []byte(`{"n":2}`), core.NoTTL)
	for _, key := range []string{"old", "new"} {
		if _, err := newer.Get(ctx, "", key); err != nil {
			t.Error(err)
		}
	}
	_, err := older.Get(ctx, "", "new")
	if !errors.Is(err, core.ErrCorrupt) || !strings.Contains(err.Error(), `"2025"`) {
		t.Errorf("unknown key: %v, want core.ErrCorrupt that names the id", err)
	}
	impostor := newEncryption(t, inner, encryptionKeys(t, "2025"))
	if _, err := impostor.Get(ctx, "", "new"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("another key of that id: %v, want core.ErrCorrupt", err)
	}
}

// Whatever the text of a value, also one that looks like an envelope, it comes
// back byte by byte.
func TestEncryptedValues(t *testing.T) {
	for name, wrap := range map[string]func(core.Store) core.Full{
		"fernet":     func(s core.Store) core.Full { return newFernet(t, s, fernetKeys(1)) },
		"encryption": func(s core.Store) core.Full { return newEncryption(t, s, encryptionKeys(t, "a")) },
	} {
		store := wrap(newMemory(t))
		for _, value := range []string{
			`{}`, ` { "a" : 1.0 } `, `{"a":1,"a":2}`, `{"__encrypted_data__":"x","__encryption_version__":1}`,
			`{"s":"` + strings.Repeat("x", 200_000) + `"}`,
		} {
			if err := store.Put(t.Context(), "", "key", []byte(value), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			entry, err := store.Get(t.Context(), "", "key")
			if err != nil || string(entry.Value) != value {
				t.Errorf("%s: %.50s… came back as %.50s…, %v", name, value, entry.Value, err)
			}
		}
	}
}
