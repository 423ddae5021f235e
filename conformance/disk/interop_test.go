package disk_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
	"github.com/go-keyvalue/keyvalue/core"
)

// python is a Python process with a FileTreeStore over the directory.
type python struct{ *pythonstore.Process }

func startPython(t *testing.T, directory string) python {
	t.Helper()
	return python{pythonstore.Start(t, "filetree", "testdata/filetree.py", directory)}
}

// call calls a method of the store.
func (p python) call(method string, arguments map[string]any) (answer any) {
	p.Exchange([]any{method, arguments}, &answer)
	return answer
}

// at are the arguments for a key.
func at(collection, key string, more ...any) map[string]any {
	arguments := map[string]any{"collection": collection, "key": key}
	for i := 0; i < len(more); i += 2 {
		arguments[more[i].(string)] = more[i+1]
	}
	return arguments
}

// Go and Python share a directory, for names of a-z, 0-9 and _.
func TestPython(t *testing.T) {
	report(t)
	directory := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	store := open(t, directory, nil)
	p := startPython(t, directory)
	ctx := t.Context()
	value := map[string]any{"text": "café 😀", "list": []any{1.0, 2.5, nil, true}, "nested": map[string]any{"a": "b"}}

	t.Run("Python writes", func(t *testing.T) {
		p.call("put", at("from_python", "forever", "value", value))
		p.call("put", at("from_python", "an_hour", "value", value, "ttl", 3600))
		for _, key := range []string{"forever", "an_hour"} {
			entry, err := store.Get(ctx, "from_python", key)
			if err != nil {
				t.Fatal(err)
			}
			var got any
			if err := json.Unmarshal(entry.Value, &got); err != nil || !reflect.DeepEqual(got, any(value)) {
				t.Errorf("%s is %s, %v", key, entry.Value, err)
			}
			remaining, expires := entry.TTL()
			if expires != (key == "an_hour") || expires && math.Abs(remaining.Seconds()-3600) > 60 {
				t.Errorf("%s: %v, %v", key, remaining, expires)
			}
		}
		var keys []string
		for key, err := range store.Keys(ctx, "from_python") {
			if err != nil {
				t.Error(err)
			}
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if !slices.Equal(keys, []string{"an_hour", "forever"}) {
			t.Errorf("keys: %q", keys)
		}
		if inserted, err := store.Insert(ctx, "from_python", "forever", json.RawMessage(`{}`), core.NoTTL); inserted || err != nil {
			t.Errorf("inserted over it: %v, %v", inserted, err)
		}
		if deleted, err := store.Delete(ctx, "from_python", "forever"); !deleted || err != nil {
			t.Errorf("deleted: %v, %v", deleted, err)
		}
		if got := p.call("get", at("from_python", "forever")); got != nil {
			t.Errorf("Python still has %v", got)
		}
		if existed, err := store.DestroyCollection(ctx, "from_python"); !existed || err != nil {
			t.Errorf("destroyed: %v, %v", existed, err)
		}
		if got := p.call("get", at("from_python", "an_hour")); got != nil {
			t.Errorf("Python still has %v", got)
		}
		p.call("put", at("from_python", "again", "value", value)) // it goes on there
		if _, err := store.Get(ctx, "from_python", "again"); err != nil {
			t.Error(err)
		}
	})

	t.Run("Go writes", func(t *testing.T) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for key, ttl := range map[string]time.Duration{"forever": core.NoTTL, "an_hour": time.Hour, "0123456789_abc": core.NoTTL} {
			if err := store.Put(ctx, "from_go", key, text, ttl); err != nil {
				t.Fatal(err)
			}
			if got := p.call("get", at("from_go", key)); !reflect.DeepEqual(got, any(value)) {
				t.Errorf("Python reads %v at %s", got, key)
			}
		}
		left := p.call("ttl", at("from_go", "an_hour")).([]any)
		if seconds, ok := left[1].(float64); !ok || math.Abs(seconds-3600) > 60 {
			t.Errorf("Python says that %v is left", left[1])
		}
		if got := p.call("delete", at("from_go", "forever")); got != true {
			t.Errorf("Python deletes: %v", got)
		}
		if _, err := store.Get(ctx, "from_go", "forever"); !errors.Is(err, core.ErrNotFound) {
			t.Error(err)
		}
		if err := store.Put(ctx, "from_go", "short", text, time.Millisecond); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
		if got := p.call("get", at("from_go", "short")); got != nil {
			t.Errorf("Python reads %v, which has expired", got)
		}
		p.call("cull", nil)
		if _, err := os.Stat(filepath.Join(directory, "from_go", "short.json")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Python does not cull it: %v", err)
		}
	})

	t.Run("other names", func(t *testing.T) {
		// They lie apart: neither sees what the other has written.
		p.call("put", at("Users", "Ada Lovelace", "value", value))
		if _, err := store.Get(ctx, "Users", "Ada Lovelace"); !errors.Is(err, core.ErrNotFound) {
			t.Error(err)
		}
		if err := store.Put(ctx, "Users", "Grace Hopper", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if got := p.call("get", at("Users", "Grace Hopper")); got != nil {
			t.Errorf("Python reads %v", got)
		}
	})
}
