package dynamodb_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
)

// values are JSON objects that must arrive as they were sent, with numbers
// spelt as Python spells them.
var values = []string{
	`{}`,
	`{"text":"caf\u00e9 \ud83d\ude00 \u2028 </script> \u0000 \" \\ \n"}`,
	`{"é":"e with an accent","\ud83d\ude00":"emoji as a name","":"no name"}`,
	`{"big":123456789012345678901234567890,"negative":-9223372036854775809,"zero":0}`,
	`{"floats":[1.5,1.0,-0.0,0.1,1e+16,5e-324,1.7976931348623157e+308],"int":1}`,
	`{"nested":{"z":[1,{"y":null,"x":[true,false,[]]}],"a":{}}}`,
	`{"S":"text","N":"1","M":{"L":[]}}`,
	`{"long":"` + strings.Repeat("the quick brown fox jumps over the lazy dog ", 500) + `"}`,
}

// names are those that lie where the other language looks for them.
var names = [][2]string{
	{"", "default"}, {"a:b", "c"}, {"c::x", "k::y"}, {"café", "\U0001f511 key"}, {"~kv", "percent%20"},
	{"with space", "line\nbreak\x00"}, {strings.Repeat("c", 2048), strings.Repeat("k", 1024)},
}

// What one language writes the other reads, and deletes, in either direction;
// whichever made the table.
func TestInterop(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	for _, first := range []string{"Go", "Python"} {
		t.Run("table made by "+first, func(t *testing.T) {
			t.Parallel()
			table := newTable(t, url)
			store := open(t, url, table, "")
			if first == "Go" {
				if err := store.Setup(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			other := startPython(t, url, table)
			other.Get(nil, "", "it sets up now")
			exchange := func(collection, key, value string, ttl time.Duration) {
				t.Helper()
				var seconds *float64
				if ttl != core.NoTTL {
					s := ttl.Seconds()
					seconds = &s
				}
				other.Put(nil, collection, key, value, seconds)
				entry, err := store.Get(t.Context(), collection, key)
				remaining, expires := entry.TTL()
				if err != nil || !pythonstore.SameJSON(t, string(entry.Value), value) || expires != (ttl > 0) || remaining > ttl || expires && remaining < ttl-time.Minute {
					t.Errorf("Python wrote %.100s for %v, Go reads %.100s for %v, %v", value, ttl, entry.Value, remaining, err)
				}
				if live, err := store.Delete(t.Context(), collection, key); !live || err != nil {
					t.Errorf("Go deletes what Python wrote: %v, %v", live, err)
				}
				if found, _ := other.Get(nil, collection, key); found != nil {
					t.Errorf("Go deleted it, Python reads %.100s", *found)
				}
				if err := store.Put(t.Context(), collection, key, json.RawMessage(value), ttl); err != nil {
					t.Fatal(err)
				}
				found, left := other.Get(nil, collection, key)
				if found == nil || !pythonstore.SameJSON(t, *found, value) || (left != nil) != (ttl > 0) ||
					left != nil && (*left > ttl.Seconds()+1 || *left < ttl.Seconds()-60) {
					t.Errorf("Go wrote %.100s for %v, Python reads %.100s", value, ttl, pythonstore.Shown(found))
				}
				if answer := other.Must(pythonstore.Request{Op: "delete", Collection: collection, Keys: []string{key}}); answer.Deleted != 1 {
					t.Errorf("Python deletes what Go wrote: %d", answer.Deleted)
				}
				if _, err := store.Get(t.Context(), collection, key); err != core.ErrNotFound {
					t.Errorf("Python deleted it, Go reads %v", err)
				}
			}
			for _, value := range values {
				exchange("interop", "key", value, core.NoTTL)
			}
			for _, name := range names {
				exchange(name[0], name[1], `{"n":1}`, 90*time.Minute)
			}
			if err := store.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Bulk calls and listings see what the other language wrote.
func TestInteropOfMany(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	table := newTable(t, url)
	store, other := open(t, url, table, ""), startPython(t, url, table)
	keys, texts := []string{"one", "two", "three", "missing"}, []string{`{"n":1}`, `{"n":2}`, `{"n":3}`}
	hour := 3600.0
	other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: keys[:3], Values: texts, TTL: &hour})
	entries, err := store.GetMany(t.Context(), "bulk", keys)
	if err != nil {
		t.Fatal(err)
	}
	for n, text := range append(texts, "") {
		if got := string(entries[n].Value); got != text && !pythonstore.SameJSON(t, got, text) {
			t.Errorf("Go reads %s, want %s", got, text)
		}
	}
	var listed []string
	for key, err := range store.Keys(t.Context(), "bulk") {
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, key)
	}
	if !slices.Equal(listed, []string{"one", "three", "two"}) {
		t.Errorf("Go lists %q", listed)
	}
	if existed, err := store.DestroyCollection(t.Context(), "bulk"); !existed || err != nil {
		t.Errorf("Go destroys what Python wrote: %v, %v", existed, err)
	}
	var items []core.Item
	for n, text := range texts {
		items = append(items, core.Item{Key: keys[n], Value: json.RawMessage(text), TTL: time.Hour})
	}
	if err := store.PutMany(t.Context(), "", items); err != nil { // the default collection of both
		t.Fatal(err)
	}
	answer := other.Must(pythonstore.Request{Op: "get", Keys: keys})
	for n, text := range texts {
		if found := answer.Values[n]; found == nil || !pythonstore.SameJSON(t, *found, text) || answer.TTLs[n] == nil {
			t.Errorf("Python reads %s, want %s", pythonstore.Shown(found), text)
		}
	}
}

// What differs on purpose, each as the README says it.
func TestInteropDifferences(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	table := newTable(t, url)
	store, other, ctx := open(t, url, table, ""), startPython(t, url, table), t.Context()

	other.Put(nil, "c", "nan", `{"n":NaN}`, nil)
	if _, err := store.Get(ctx, "c", "nan"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("NaN: Go reads %v, want ErrCorrupt", err)
	}

	// Python's expiry is in whole seconds, rounded down, and Go's is exact.
	const ttl = 2500 * time.Millisecond
	seconds := ttl.Seconds()
	other.Put(nil, "c", "short", `{}`, &seconds)
	entry, err := store.Get(ctx, "c", "short")
	if err != nil || entry.ExpiresAt.Sub(entry.CreatedAt) != ttl {
		t.Errorf("Go reads an entry of Python for %v, %v; want %v", entry.ExpiresAt.Sub(entry.CreatedAt), err, ttl)
	}
	if err := store.Put(ctx, "c", "up", value, time.Hour); err != nil {
		t.Fatal(err)
	}
	entry, err = store.Get(ctx, "c", "up")
	if err != nil {
		t.Fatal(err)
	}
	written, left := time.Now(), 0.0
	if _, remaining := other.Get(nil, "c", "up"); remaining != nil {
		left = *remaining
	}
	until := written.Add(time.Duration(left * float64(time.Second)))
	if until.Before(entry.ExpiresAt.Add(-time.Millisecond)) {
		t.Errorf("Python reads that an entry of Go expires at %v, before %v", until, entry.ExpiresAt)
	}

	long := strings.Repeat("k", 1025)
	if answer := other.Ask(pythonstore.Request{Op: "put", Collection: "c", Keys: []string{long}, Values: []string{`{}`}}); answer.Error == "" {
		t.Error("Python takes a key that DynamoDB does not")
	}
	if err := store.Put(ctx, "c", long, value, core.NoTTL); err != nil {
		t.Errorf("Put of a long key = %v", err)
	}
	if err := store.Put(ctx, "c", "~kv1~a", value, core.NoTTL); err != nil {
		t.Errorf("Put of a key that looks encoded = %v", err)
	}
	if found, _ := other.Get(nil, "c", "~kv1~a"); found != nil {
		t.Errorf("Python reads %s where Go escapes the key", *found)
	}

	if err := putItem(ctx, store, "c", "empty", nil, nil); err != nil {
		t.Fatal(err)
	}
	if found, _ := other.Get(nil, "c", "empty"); found != nil {
		t.Errorf("Python reads %s", *found)
	}
	if _, err := store.Get(ctx, "c", "empty"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Go reads an item without a value as %v, want ErrCorrupt", err)
	}
}
