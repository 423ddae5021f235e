package winregistry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

// casedNames are all characters that have another case, alone and in a word,
// and some strings that become the same in another case or form.
func casedNames() []string {
	all := []string{"straße", "STRASSE", "strasse", "\u0130", "i", "I", "ı", "i\u0307", "ſ", "s", "K", "k", "\u212a", "", "ﬁ", "FI", "fi"}
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if unicode.SimpleFold(r) != r || unicode.ToUpper(r) != r || unicode.ToLower(r) != r {
			all = append(all, string(r), "a"+string(r)+"b")
		}
	}
	all = slices.DeleteFunc(all, func(name string) bool { return name == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// No two keys are the same to Windows.
func TestCaseOfKeys(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	keys := casedNames()
	if len(keys) < 5000 {
		t.Fatalf("there are only %d names", len(keys))
	}
	var items []core.Item
	for i, key := range keys {
		items = append(items, core.Item{Key: key, Value: fmt.Appendf(nil, `{"i":%d}`, i)})
	}
	must(t, store.PutMany(ctx, "c", items))
	entries, err := store.GetMany(ctx, "c", keys)
	must(t, err)
	for i, entry := range entries {
		if string(entry.Value) != string(items[i].Value) {
			t.Errorf("%q has %s, want %s", keys[i], entry.Value, items[i].Value)
		}
	}
	if got := names(t, store.Keys(ctx, "c")); !slices.Equal(got, keys) {
		t.Errorf("Keys() gives %d names, want %d", len(got), len(keys))
	}
}

// No two collections are the same to Windows.
func TestCaseOfCollections(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	all := casedNames()
	var collections []string
	for i := 0; i < len(all); i += 10 {
		collections = append(collections, all[i])
	}
	for _, name := range []string{"é", "É", "k", "K", "\u212a", "s", "S", "ſ", "ß", "ẞ", "i", "I", "ı", "\u0130", "σ", "ς", "Σ", "ǆ", "ǅ", "Ǆ"} {
		if !slices.Contains(collections, name) {
			collections = append(collections, name)
		}
	}
	slices.Sort(collections)
	for i, name := range collections {
		must(t, store.Put(ctx, name, "k", fmt.Appendf(nil, `{"i":%d}`, i), core.NoTTL))
	}
	for i, name := range collections {
		entry, err := store.Get(ctx, name, "k")
		if err != nil || string(entry.Value) != fmt.Sprintf(`{"i":%d}`, i) {
			t.Errorf("in %q there is %s, %v; want %d", name, entry.Value, err, i)
		}
	}
	if got := names(t, store.Collections(ctx)); !slices.Equal(got, collections) {
		t.Errorf("Collections() gives %d names, want %d", len(got), len(collections))
	}
}

// Entries of Python programs whose names differ in case only are not taken for
// ours, wherever the registry lets the two meet.
func TestPythonNamesInAnotherCase(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	python, _, err := registry.CreateKey(registry.CURRENT_USER, path+`\Users`, registry.ALL_ACCESS)
	must(t, err)
	defer python.Close()
	must(t, python.SetStringValue("ADA", `{"collection": "Users", "key": "ADA", "value": {"by": "python"}, "version": 1}`))
	must(t, python.SetStringValue("bob", `{"collection": "users", "key": "bob", "value": {"by": "python"}, "version": 1}`))

	if entry, err := store.Get(ctx, "users", "ada"); err != core.ErrNotFound {
		t.Errorf("Get = %s, %v; want a miss: it is the entry of ADA in Users", entry.Value, err)
	}
	if live, err := store.Delete(ctx, "users", "ada"); live || err != nil {
		t.Errorf("Delete = %v, %v; want false, nil", live, err)
	}
	if n := valueCount(t, path+`\users`); n != 2 {
		t.Errorf("there are %d values, want 2: the entry of another key is not to be deleted", n)
	}
	if got := names(t, store.Keys(ctx, "users")); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("Keys() = %q, want only \"bob\"", got)
	}
	if got := names(t, store.Collections(ctx)); !slices.Equal(got, []string{"users"}) {
		t.Errorf("Collections() = %q, want only \"users\"", got)
	}
	// The registry keeps the case of the name that came first.
	must(t, store.Put(ctx, "users", "ada", json.RawMessage(`{"by":"go"}`), core.NoTTL))
	if got := names(t, store.Keys(ctx, "users")); !slices.Equal(got, []string{"ada", "bob"}) {
		t.Errorf("Keys() = %q, want both", got)
	}
	must(t, python.SetStringValue("Eve", `{"collection": "Users", "key": "Eve", "value": {}, "version": 1}`))
	if existed, err := store.DestroyCollection(ctx, "users"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
	if n := valueCount(t, path+`\users`); n != 1 {
		t.Errorf("there are %d values, want 1: Eve is in Users", n)
	}
	must(t, store.Destroy(ctx))
	if n := valueCount(t, path+`\users`); n != -1 {
		t.Errorf("there are %d values after Destroy, want no key: it has Python's entries too", n)
	}
}

// Names are plain, escaped or hashed as they get longer, and longer ones than
// the limit are refused.
func TestLongNames(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	value := json.RawMessage(`{"a":1}`)
	var keys, collections []string
	for _, letter := range []string{"x", "X", "é"} {
		for _, length := range []int{83, 84, 85, 255, 256, 5460, 5461, 5462, 16382, 16383, 16384, winregistry.MaxKey} {
			if length *= len(letter); length <= winregistry.MaxKey {
				keys = append(keys, strings.Repeat(letter, length/len(letter)))
			}
			if length <= winregistry.MaxCollection {
				collections = append(collections, strings.Repeat(letter, length/len(letter)))
			}
		}
	}
	for _, key := range keys {
		must(t, store.Put(ctx, "c", key, value, core.NoTTL))
	}
	for _, collection := range collections {
		must(t, store.Put(ctx, collection, "k", value, core.NoTTL))
	}
	slices.Sort(keys)
	if got := names(t, store.Keys(ctx, "c")); !slices.Equal(got, keys) {
		t.Errorf("Keys() gives %d names, want %d", len(got), len(keys))
	}
	slices.Sort(collections)
	if got := names(t, store.Collections(ctx)); !slices.Equal(slices.DeleteFunc(got, func(name string) bool { return name == "c" }), collections) {
		t.Errorf("Collections() gives %d names, want %d", len(got), len(collections))
	}
	for _, refused := range [][2]string{
		{"c", strings.Repeat("x", winregistry.MaxKey+1)}, {strings.Repeat("x", winregistry.MaxCollection+1), "k"},
		{"c", strings.Repeat("\x01", winregistry.MaxKey/6+1)}, {strings.Repeat(`"`, winregistry.MaxCollection/2+1), "k"},
	} {
		if err := store.Put(ctx, refused[0], refused[1], value, core.NoTTL); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("Put of a name of %d bytes in one of %d = %v; want ErrInvalidKey", len(refused[1]), len(refused[0]), err)
		}
	}
}

// The largest entry that the limits allow fits.
func TestLargestEntry(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	value := json.RawMessage(`{"a":"` + strings.Repeat("x", winregistry.MaxValue-len(`{"a":""}`)) + `"}`)
	for _, character := range []string{"x", "\x01"} {
		size := 1
		if character == "\x01" {
			size = len(`\u0001`)
		}
		key, collection := strings.Repeat(character, winregistry.MaxKey/size), strings.Repeat(character, winregistry.MaxCollection/size)
		must(t, store.Put(ctx, collection, key, value, 1e18))
		entry, err := store.Get(ctx, collection, key)
		if err != nil || string(entry.Value) != string(value) {
			t.Errorf("the largest entry is %d bytes, %v", len(entry.Value), err)
		}
		if err := store.Put(ctx, "c", "k", append(value, ' '), core.NoTTL); !errors.Is(err, core.ErrTooLarge) {
			t.Errorf("Put of one byte more = %v, want ErrTooLarge", err)
		}
	}
}
