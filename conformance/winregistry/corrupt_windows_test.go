package winregistry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
)

// set sets a value to data of any type, as no function of package registry does.
func set(k registry.Key, name string, valueType uint32, data []byte) error {
	pointer, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	var first *byte
	if len(data) > 0 {
		// Windows adds a NUL to a string where there happens to be one behind it.
		first = &append(slices.Clone(data), 0xff, 0xff, 0xff)[0]
	}
	status, _, _ := syscall.SyscallN(regSetValueEx.Addr(), uintptr(k), uintptr(unsafe.Pointer(pointer)), 0,
		uintptr(valueType), uintptr(unsafe.Pointer(first)), uintptr(len(data)))
	if status != 0 {
		return syscall.Errno(status)
	}
	return nil
}

// wide returns the text in UTF-16, in bytes.
func wide(text string, more ...uint16) []byte {
	var data []byte
	for _, unit := range append(utf16.Encode([]rune(text)), more...) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

const good = `{"value":{"a":"é😀"}}`

// What other programs may have put there: the data, and whether it is an entry.
var data = map[string]struct {
	valueType uint32
	data      []byte
	entry     bool
}{
	"string":                       {registry.SZ, wide(good, 0), true},
	"string with two NULs":         {registry.SZ, wide(good, 0, 0), true},
	"string without NUL":           {registry.SZ, wide(good), false},
	"string with more behind NUL":  {registry.SZ, wide(good+"\x00x", 0), false},
	"string of an odd size":        {registry.SZ, append(wide(good, 0), 0), false},
	"string of one byte":           {registry.SZ, []byte{0}, false},
	"string without data":          {registry.SZ, nil, false},
	"empty string":                 {registry.SZ, wide("", 0), false},
	"string of bytes":              {registry.SZ, []byte(good + "\x00"), false},
	"half a pair at the end":       {registry.SZ, wide(`{"value":{}}`, 0xd83d, 0), false},
	"half a pair in a value":       {registry.SZ, append(wide(`{"value":{"a":"`, 0xdc00), wide(`"}}`, 0)...), false},
	"halves in the wrong order":    {registry.SZ, append(wide(`{"value":{"a":"`, 0xde00, 0xd83d), wide(`"}}`, 0)...), false},
	"no JSON":                      {registry.SZ, wide("value", 0), false},
	"no entry":                     {registry.SZ, wide(`{"a":1}`, 0), false},
	"expanded string":              {registry.EXPAND_SZ, wide(good, 0), false},
	"several strings":              {registry.MULTI_SZ, wide(good, 0, 0), false},
	"bytes":                        {registry.BINARY, wide(good, 0), false},
	"number":                       {registry.DWORD, []byte{1, 2, 3, 4}, false},
	"long number":                  {registry.QWORD, []byte{1, 2, 3, 4, 5, 6, 7, 8}, false},
	"link":                         {registry.LINK, wide(good), false},
	"nothing":                      {registry.NONE, nil, false},
	"a type that does not exist":   {0xffff, wide(good, 0), false},
	"data longer than any of ours": {registry.SZ, wide(fmt.Sprintf(`{"value":{"a":"%01000000d"}}`, 0), 0), true},
}

// What is no entry is an error, and not a miss.
func TestForeignData(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	value := json.RawMessage(`{"b":2}`)
	for name, d := range data {
		t.Run(name, func(t *testing.T) {
			key := "k " + name
			must(t, raw(store, "c", key, func(k registry.Key, value string) error { return set(k, value, d.valueType, d.data) }))
			entry, err := store.Get(ctx, "c", key)
			if d.entry {
				if err != nil || !json.Valid(entry.Value) {
					t.Errorf("Get = %.100s, %v; want a value", entry.Value, err)
				}
				return
			}
			if !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("Get = %s, %v; want ErrCorrupt", entry.Value, err)
			}
			if inserted, err := store.Insert(ctx, "c", key, value, core.NoTTL); inserted || !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("Insert = %v, %v; want false, ErrCorrupt", inserted, err)
			}
			must(t, store.Put(ctx, "c", key, value, core.NoTTL))
			if entry, err := store.Get(ctx, "c", key); err != nil || string(entry.Value) != string(value) {
				t.Errorf("Get after Put = %s, %v", entry.Value, err)
			}
			must(t, raw(store, "c", key, func(k registry.Key, value string) error { return set(k, value, d.valueType, d.data) }))
			if live, err := store.Delete(ctx, "c", key); live || err != nil {
				t.Errorf("Delete = %v, %v; want false, nil", live, err)
			}
			if _, err := store.Get(ctx, "c", key); err != core.ErrNotFound {
				t.Errorf("Get after Delete = %v, want a miss", err)
			}
		})
	}
}

// Whatever is in a key beside entries: Destroy leaves it, and DestroyCollection
// says so.
func TestForeignValues(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	must(t, store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL))
	collection, err := registry.OpenKey(registry.CURRENT_USER, path+`\c`, registry.ALL_ACCESS)
	must(t, err)
	defer collection.Close()
	must(t, collection.SetStringValue("", "the default value of the key"))
	must(t, collection.SetDWordValue("größe", 1))
	must(t, collection.SetStringValue("misplaced", `{"collection":"c","key":"elsewhere","value":{}}`))
	foreign, _, err := registry.CreateKey(registry.CURRENT_USER, path+`\Other Program\Settings`, registry.ALL_ACCESS)
	must(t, err)
	defer foreign.Close()
	must(t, foreign.SetStringValue("Window", "10,10"))
	parent, _, err := registry.CreateKey(registry.CURRENT_USER, path+`\Other Program`, registry.ALL_ACCESS)
	must(t, err)
	defer parent.Close()
	must(t, parent.SetStringValue("setting", "10"))

	if got := names(t, store.Keys(ctx, "c")); len(got) != 1 || got[0] != "k" {
		t.Errorf("Keys() = %q, want only \"k\"", got)
	}
	if got := names(t, store.Collections(ctx)); len(got) != 1 || got[0] != "c" {
		t.Errorf("Collections() = %q, want only \"c\"", got)
	}
	existed, err := store.DestroyCollection(ctx, "c")
	if !errors.Is(err, core.ErrCorrupt) || existed {
		t.Errorf("DestroyCollection() = %v, %v; want ErrCorrupt", existed, err)
	}
	if n := valueCount(t, path+`\c`); n != 3 {
		t.Errorf("there are %d values in the key, want those 3 that are no entries of it", n)
	}
	must(t, store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL))
	must(t, store.Destroy(ctx))
	if n := valueCount(t, path+`\c`); n != 3 {
		t.Errorf("there are %d values in the key after Destroy, want 3", n)
	}
	if valueCount(t, path+`\Other Program\Settings`) != 1 || valueCount(t, path+`\Other Program`) != 1 {
		t.Error("Destroy has removed another program's values")
	}
}
