package elasticsearch_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
	"github.com/go-keyvalue/keyvalue/core"
)

// startPython starts a process with a store of the library.
func (c *cluster) startPython(t *testing.T, names string) *pythonstore.Process {
	t.Helper()
	return pythonstore.Start(t, "elasticsearch", "testdata/interop.py", c.address, c.prefix, names)
}

func near(remaining, want time.Duration) bool {
	return remaining <= want && remaining > want-time.Minute
}

// interopValues must arrive as they were sent.
var interopValues = []string{
	`{}`,
	`{"text":"caf\u00e9 \ud83d\ude00 \u2028 </script> \" \\ \n"}`,
	`{"big":123456789012345678901234567890,"float":1.0,"list":[1.5,null,true,{"a":[]}]}`,
	`{"a.b":{"$date":1},"flattened":{"x":1},"":"no name"}`,
	`{"long":"` + strings.Repeat("the quick brown fox ", 1000) + `"}`,
}

// What one language writes, the other reads, lists and deletes, in the indices
// of either.
func TestInterop(t *testing.T) {
	for _, names := range []string{"plain", "v1"} {
		for _, maker := range []string{"go", "python"} {
			t.Run(names+" names in indices of "+maker, func(t *testing.T) {
				c := shared(t)
				store := c.open(t, map[string]string{"plain": "?refresh=true", "v1": "?refresh=true&v1_names=true"}[names])
				other := c.startPython(t, names)
				for _, collection := range []string{"users", "default_collection"} {
					if maker == "go" {
						if err := store.Setup(t.Context(), collection); err != nil {
							t.Fatal(err)
						}
					}
					for i, value := range interopValues {
						for _, key := range []string{fmt.Sprint("key", i), "a/b", "naïve ☕ ::"} {
							exchange(t, store, other, collection, key, value)
						}
					}
				}
				bulk(t, store, other)
			})
		}
	}
}

// exchange writes and reads a value in both directions and deletes it.
func exchange(t *testing.T, here core.Store, other *pythonstore.Process, collection, key, value string) {
	t.Helper()
	ctx := t.Context()
	ninety := 5400.0
	for _, ttl := range []*float64{nil, &ninety} {
		other.Must(pythonstore.Request{Op: "put", Collection: collection, Keys: []string{key}, Values: []string{value}, TTL: ttl})
		entry, err := here.Get(ctx, collection, key)
		if remaining, expires := entry.TTL(); err != nil || !pythonstore.SameJSON(t, string(entry.Value), value) || expires != (ttl != nil) ||
			expires && !near(remaining, 90*time.Minute) {
			t.Errorf("Python wrote %.100s, Go reads %.100s, %v, %v", value, entry.Value, remaining, err)
		}
		if deleted, err := here.Delete(ctx, collection, key); !deleted || err != nil {
			t.Errorf("Go deletes what Python wrote: %t, %v", deleted, err)
		}
		if answer := other.Must(pythonstore.Request{Op: "get", Collection: collection, Keys: []string{key}}); answer.Values[0] != nil {
			t.Errorf("Go deleted it, Python reads %.100s", *answer.Values[0])
		}
		var lifetime time.Duration
		if ttl != nil {
			lifetime = 90 * time.Minute
		}
		if err := here.Put(ctx, collection, key, json.RawMessage(value), lifetime); err != nil {
			t.Fatal(err)
		}
		answer := other.Must(pythonstore.Request{Op: "get", Collection: collection, Keys: []string{key}})
		if answer.Values[0] == nil || !pythonstore.SameJSON(t, *answer.Values[0], value) || (answer.TTLs[0] != nil) != (ttl != nil) {
			t.Errorf("Go wrote %.100s, Python reads otherwise", value)
		}
		if answer := other.Must(pythonstore.Request{Op: "delete", Collection: collection, Keys: []string{key}}); answer.Deleted != 1 {
			t.Errorf("Python deletes what Go wrote: %d", answer.Deleted)
		}
		if _, err := here.Get(ctx, collection, key); err != core.ErrNotFound {
			t.Errorf("Python deleted it, Go reads: %v", err)
		}
	}
}

func bulk(t *testing.T, store core.Store, other *pythonstore.Process) {
	t.Helper()
	keys, texts := []string{"one", "three", "two"}, []string{`{"n":1}`, `{"n":3}`, `{"n":2}`}
	other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: keys, Values: texts})
	entries, err := store.GetMany(t.Context(), "bulk", keys)
	if err != nil || !entries[2].Found() {
		t.Errorf("Go reads %v, %v", entries, err)
	}
	if listed, corrupt := keysOf(t, store, "bulk"); !slices.Equal(listed, keys) || corrupt > 0 {
		t.Errorf("Go lists %q", listed)
	}
	var items []core.Item
	for i, text := range texts {
		items = append(items, core.Item{Key: "go " + keys[i], Value: json.RawMessage(text), TTL: time.Hour})
	}
	if err := store.PutMany(t.Context(), "bulk", items); err != nil {
		t.Fatal(err)
	}
	answer := other.Must(pythonstore.Request{Op: "get", Collection: "bulk", Keys: []string{"go one", "go two", "missing"}})
	if answer.Values[0] == nil || answer.Values[1] == nil || answer.Values[2] != nil || answer.TTLs[0] == nil {
		t.Errorf("Python reads %v", answer.Values)
	}
	if deleted, err := store.DeleteMany(t.Context(), "bulk", keys); deleted != 3 || err != nil {
		t.Errorf("Go deletes %d, %v", deleted, err)
	}
	if answer := other.Must(pythonstore.Request{Op: "delete", Collection: "bulk", Keys: []string{"go one", "go two", "missing"}}); answer.Deleted != 2 {
		t.Errorf("Python deletes %d", answer.Deleted)
	}
}

// What differs on purpose, each as the README says it.
func TestDifferences(t *testing.T) {
	c := shared(t)
	store, other := c.open(t, "?refresh=true"), c.startPython(t, "plain")
	for what, name := range map[string]string{"upper case": "Users"} {
		if err := store.Put(t.Context(), name, "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if answer := other.Must(pythonstore.Request{Op: "get", Collection: name, Keys: []string{"k"}}); answer.Values[0] != nil {
			t.Errorf("%s: Python reads %s", what, *answer.Values[0])
		}
	}
	// Python cannot have two members of one name.
	if err := store.Put(t.Context(), "users", "twice", json.RawMessage(`{"a":1,"a":2}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if answer := other.Ask(pythonstore.Request{Op: "get", Collection: "users", Keys: []string{"twice"}}); len(answer.Values) > 0 && answer.Values[0] != nil {
		t.Errorf("Python reads %s", *answer.Values[0])
	}
	// Elasticsearch refuses the index that Python would use.
	if answer := other.Ask(pythonstore.Request{Op: "put", Collection: "a:b", Keys: []string{"k"}, Values: []string{`{}`}}); answer.Error == "" {
		t.Error("Python writes to a:b")
	}
	if err := store.Put(t.Context(), "a:b", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Errorf("Go writes to a:b: %v", err)
	}
}
