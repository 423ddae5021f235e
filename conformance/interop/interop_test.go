package interop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memcached"
	"github.com/go-keyvalue/keyvalue/redis"
	"github.com/go-keyvalue/keyvalue/valkey"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// backends are the stores that both languages have.
var backends = []struct {
	name string
	kind *servers.Kind
	open func(ctx context.Context, url string) (core.Store, error)

	python     string // the store of the Python library
	restricted bool   // the server takes only some names: Python refuses others
}{
	{name: "redis", kind: servers.Redis, open: redis.Open, python: "redis"},
	{name: "valkey", kind: servers.Valkey, open: valkey.Open, python: "valkey"},
	{name: "redis from Go, Valkey's client in Python", kind: servers.Valkey, open: openRedis, python: "valkey"},
	{name: "memcached", kind: servers.Memcached, open: memcached.Open, python: "memcached", restricted: true},
}

// openRedis opens a Valkey server with the module redis.
func openRedis(ctx context.Context, url string) (core.Store, error) {
	return redis.Open(ctx, "redis"+strings.TrimPrefix(url, "valkey"))
}

// values are JSON objects that must arrive as they were sent, with numbers
// spelt as Python spells them.
var values = []string{
	`{}`,
	`{"text":"caf\u00e9 \ud83d\ude00 \u2028 </script> \u0000 \" \\ \n"}`,
	`{"é":"e with an accent","\ud83d\ude00":"emoji as a name","":"no name"}`,
	`{"big":123456789012345678901234567890,"negative":-9223372036854775809,"zero":0}`,
	`{"floats":[1.5,1.0,-0.0,0.1,1e+16,5e-324,1.7976931348623157e+308],"int":1}`,
	`{"nested":{"z":[1,{"y":null,"x":[true,false,[]]}],"a":{}}}`,
	`{"__compressed_data__":"not compressed at all"}`,
	`{"$date":"2026-01-01","$oid":{"a.b":1}}`,
	`{"long":"` + strings.Repeat("the quick brown fox jumps over the lazy dog ", 500) + `"}`,
}

// variant is a stack of wrappers in both languages.
type variant struct {
	name   string
	layers []pythonstore.Layer
	wrap   func(t *testing.T, store core.Store) core.Store

	// skip is a value that the Python library does not give back.
	skip func(value string) bool
}

func wrapped[W core.Full, O any](newWrapper func(core.Store, *O) (W, error), options *O) func(*testing.T, core.Store) core.Store {
	return func(t *testing.T, inner core.Store) core.Store {
		t.Helper()
		wrapper, err := newWrapper(inner, options)
		if err != nil {
			t.Fatal(err)
		}
		return wrapper
	}
}

// looksCompressed reports whether the Python library takes the value for one
// that it has compressed itself, and so returns something else.
func looksCompressed(value string) bool { return strings.Contains(value, "__compressed_data__") }

func variants(t *testing.T) []variant {
	t.Helper()
	key := wrappers.GenerateFernetKey()
	derived, err := wrappers.DeriveFernetKey("a secret of both", "a salt of both")
	if err != nil {
		t.Fatal(err)
	}
	compression := pythonstore.Layer{Name: "compression", Options: map[string]any{"min_size_to_compress": 1}}
	fernet := pythonstore.Layer{Name: "fernet", Options: map[string]any{"key": key.Reveal()}}
	compress := wrapped(wrappers.NewCompression, &wrappers.CompressionOptions{MinSize: 1})
	encrypt := wrapped(wrappers.NewFernet, &wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}})
	return []variant{
		{name: "plain", wrap: func(_ *testing.T, store core.Store) core.Store { return store }},
		{name: "compression", layers: []pythonstore.Layer{compression}, wrap: compress, skip: looksCompressed},
		{name: "fernet", layers: []pythonstore.Layer{fernet}, wrap: encrypt},
		{
			name:   "fernet with a derived key",
			layers: []pythonstore.Layer{{Name: "fernet", Options: map[string]any{"source_material": "a secret of both", "salt": "a salt of both"}}},
			wrap:   wrapped(wrappers.NewFernet, &wrappers.FernetOptions{Keys: []wrappers.FernetKey{derived}}),
		},
		{
			name: "compression over fernet", layers: []pythonstore.Layer{fernet, compression}, skip: looksCompressed,
			wrap: func(t *testing.T, store core.Store) core.Store { return compress(t, encrypt(t, store)) },
		},
		{
			name: "prefix keys", layers: []pythonstore.Layer{{Name: "prefix keys", Options: map[string]any{"prefix": "p"}}},
			wrap: wrapped(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: "p"}),
		},
		{
			name: "prefix collections", layers: []pythonstore.Layer{{Name: "prefix collections", Options: map[string]any{"prefix": "p"}}},
			wrap: wrapped(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "p"}),
		},
		{
			name: "single collection", layers: []pythonstore.Layer{{Name: "single collection", Options: map[string]any{"single_collection": "all"}}},
			wrap: wrapped(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Collection: "all"}),
		},
	}
}

func seconds(s float64) *float64 { return &s }

// near reports whether the remaining time is that, less what the test took.
func near(remaining, want time.Duration) bool {
	return remaining <= want && remaining > want-time.Minute
}

// What one language writes, the other reads.
func TestValues(t *testing.T) {
	for _, backend := range backends {
		t.Run(backend.name, func(t *testing.T) {
			process := backend.kind.Start(t)
			store, err := backend.open(t.Context(), process.URL())
			if err != nil {
				t.Fatal(err)
			}
			defer core.Close(store)
			other := startPython(t, backend.python, process.Address)
			for _, v := range variants(t) {
				here := v.wrap(t, store)
				for i, value := range values {
					collection := "interop_" + strings.ReplaceAll(v.name, " ", "_")
					if v.skip == nil || !v.skip(value) {
						exchange(t, here, other, v.layers, collection, fmt.Sprintf("key_%d", i), value)
					}
				}
			}
		})
	}
}

// exchange writes and reads a value in both directions, with and without an
// expiry, and deletes it.
func exchange(t *testing.T, here core.Store, other *pythonstore.Process, layers []pythonstore.Layer, collection, key, value string) {
	t.Helper()
	ctx := t.Context()
	for _, ttl := range []time.Duration{core.NoTTL, 90 * time.Minute} {
		// Python writes, Go reads.
		var theirs *float64
		if ttl != core.NoTTL {
			theirs = seconds(ttl.Seconds())
		}
		other.Put(layers, collection, key, value, theirs)
		entry, err := here.Get(ctx, collection, key)
		remaining, expires := entry.TTL()
		switch {
		case err != nil:
			t.Errorf("Go reads %s %.80s: %v", key, value, err)
		case !pythonstore.SameJSON(t, string(entry.Value), value):
			t.Errorf("Python wrote %.200s, Go reads %.200s", value, entry.Value)
		case expires != (ttl != core.NoTTL) || expires && !near(remaining, ttl):
			t.Errorf("Python wrote it for %v, Go reads %v, %t", ttl, remaining, expires)
		case time.Since(entry.CreatedAt).Abs() > time.Minute:
			t.Errorf("Python wrote it now, Go reads %v", entry.CreatedAt)
		}
		if deleted, err := here.Delete(ctx, collection, key); !deleted || err != nil {
			t.Errorf("Go deletes what Python wrote: %t, %v", deleted, err)
		}
		if found, _ := other.Get(layers, collection, key); found != nil {
			t.Errorf("Go deleted it, Python reads %.200s", *found)
		}

		// Go writes, Python reads.
		if err := here.Put(ctx, collection, key, json.RawMessage(value), ttl); err != nil {
			t.Fatal(err)
		}
		found, left := other.Get(layers, collection, key)
		switch {
		case found == nil || !pythonstore.SameJSON(t, *found, value):
			t.Errorf("Go wrote %.200s, Python reads %.200s", value, pythonstore.Shown(found))
		case (left != nil) != (ttl != core.NoTTL) || left != nil && !near(time.Duration(*left*float64(time.Second)), ttl):
			t.Errorf("Go wrote it for %v, Python reads %v", ttl, left)
		}
		answer := other.Must(pythonstore.Request{Op: "delete", Layers: layers, Collection: collection, Keys: []string{key}})
		if answer.Deleted != 1 {
			t.Errorf("Python deletes what Go wrote: %d", answer.Deleted)
		}
		if _, err := here.Get(ctx, collection, key); err != core.ErrNotFound {
			t.Errorf("Python deleted it, Go reads: %v", err)
		}
	}
}

// Bulk calls and listings see what the other language wrote.
func TestBulk(t *testing.T) {
	for _, backend := range backends {
		t.Run(backend.name, func(t *testing.T) {
			process := backend.kind.Start(t)
			store, err := backend.open(t.Context(), process.URL())
			if err != nil {
				t.Fatal(err)
			}
			defer core.Close(store)
			other := startPython(t, backend.python, process.Address)
			keys := []string{"one", "two", "three", "missing"}
			texts := []string{`{"n":1}`, `{"n":2}`, `{"n":3}`}
			other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: keys[:3], Values: texts, TTL: seconds(3600)})
			entries, err := store.GetMany(t.Context(), "bulk", keys)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range append(texts, "") {
				if got := string(entries[i].Value); got != want && !pythonstore.SameJSON(t, got, want) {
					t.Errorf("Go reads %s, want %s", got, want)
				}
			}
			if core.Supports(store, core.CanKeys) {
				var listed []string
				for key, err := range core.Keys(t.Context(), store, "bulk") {
					if err != nil {
						t.Fatal(err)
					}
					listed = append(listed, key)
				}
				if slices.Sort(listed); !slices.Equal(listed, []string{"one", "three", "two"}) {
					t.Errorf("Go lists %q", listed)
				}
			}
			if deleted, err := store.DeleteMany(t.Context(), "bulk", keys); deleted != 3 || err != nil {
				t.Errorf("Go deletes %d, %v", deleted, err)
			}

			var items []core.Item
			for i, text := range texts {
				items = append(items, core.Item{Key: keys[i], Value: json.RawMessage(text), TTL: time.Hour})
			}
			if err := store.PutMany(t.Context(), "", items); err != nil { // the default collection of both
				t.Fatal(err)
			}
			answer := other.Must(pythonstore.Request{Op: "get", Keys: keys})
			for i, want := range texts {
				if found := answer.Values[i]; found == nil || !pythonstore.SameJSON(t, *found, want) || answer.TTLs[i] == nil {
					t.Errorf("Python reads %.200s, want %s", pythonstore.Shown(found), want)
				}
			}
			if answer.Values[3] != nil {
				t.Errorf("Python reads %s for a missing key", *answer.Values[3])
			}
		})
	}
}

// names are those that lie where the other language looks for them.
var names = []struct{ collection, key string }{
	{"", "default"}, {"users", "ada"}, {"a:b", "c"}, {"a", "b::c"}, {"a", ":b"}, {"percent%20", "%3a%25"}, {"x__y", "z__w"},
}

// freeNames are those beyond what memcached takes.
var freeNames = []struct{ collection, key string }{
	{"café", "naïve ☕"}, {"with space", "line\nbreak\ttab"}, {"a/b/../c", "../../etc/passwd"}, {"glob*?[x]", "*"},
	{"long", strings.Repeat("k", 5000)},
}

func TestNames(t *testing.T) {
	for _, backend := range backends {
		t.Run(backend.name, func(t *testing.T) {
			process := backend.kind.Start(t)
			store, err := backend.open(t.Context(), process.URL())
			if err != nil {
				t.Fatal(err)
			}
			defer core.Close(store)
			other := startPython(t, backend.python, process.Address)
			all := names
			if !backend.restricted {
				all = slices.Concat(names, freeNames)
			}
			for _, name := range all {
				exchange(t, store, other, nil, name.collection, name.key, `{"n":1}`)
			}
		})
	}
}

// What differs on purpose, each as the README says it.
func TestDifferences(t *testing.T) {
	process := servers.Redis.Start(t)
	store, err := redis.Open(t.Context(), process.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(store)
	other, ctx := startPython(t, "redis", process.Address), t.Context()

	t.Run("NaN is not JSON", func(t *testing.T) {
		other.Put(nil, "c", "nan", `{"n":NaN}`, nil)
		if _, err := store.Get(ctx, "c", "nan"); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("Go reads %v", err)
		}
	})
	t.Run("a collection with the separator is escaped", func(t *testing.T) {
		if err := store.Put(ctx, "a::b", "c", json.RawMessage(`{"go":1}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if found, _ := other.Get(nil, "a::b", "c"); found != nil {
			t.Errorf("Python reads %s", *found)
		}
		other.Put(nil, "a::b", "c", `{"python":1}`, nil)
		if entry, err := store.Get(ctx, "a::b", "c"); err != nil || !bytes.Contains(entry.Value, []byte("go")) {
			t.Errorf("Python's entry replaced the one of Go: %s, %v", entry.Value, err)
		}
		// In Python this is the same entry; here it is none.
		if _, err := store.Get(ctx, "a", "b::c"); err != core.ErrNotFound {
			t.Errorf("Go reads the entry of another collection: %v", err)
		}
	})
	t.Run("a value that looks compressed comes back", func(t *testing.T) {
		compressed := wrapped(wrappers.NewCompression, (*wrappers.CompressionOptions)(nil))(t, store)
		const value = `{"__compressed_data__":"abc"}`
		if err := compressed.Put(ctx, "c", "looks", json.RawMessage(value), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if entry, err := compressed.Get(ctx, "c", "looks"); err != nil || string(entry.Value) != value {
			t.Errorf("Go reads %s, %v", entry.Value, err)
		}
		if found, _ := other.Get([]pythonstore.Layer{{Name: "compression"}}, "c", "looks"); found == nil || !pythonstore.SameJSON(t, *found, value) {
			t.Errorf("Python reads %s of what Go wrapped twice", pythonstore.Shown(found))
		}
	})
	t.Run("zstd is unknown to Python", func(t *testing.T) {
		compressed := wrapped(wrappers.NewCompression, &wrappers.CompressionOptions{Algorithm: wrappers.Zstd})(t, store)
		value := json.RawMessage(`{"text":"` + strings.Repeat("again and ", 500) + `"}`)
		if err := compressed.Put(ctx, "c", "zstd", value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if found, _ := other.Get([]pythonstore.Layer{{Name: "compression"}}, "c", "zstd"); found == nil || pythonstore.SameJSON(t, *found, string(value)) {
			t.Errorf("Python reads %s", pythonstore.Shown(found))
		}
	})
	t.Run("expiry to the microsecond, not rounded down to seconds", func(t *testing.T) {
		if err := store.Put(ctx, "c", "short", json.RawMessage(`{}`), 2900*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if found, left := other.Get(nil, "c", "short"); found == nil || left == nil || *left > 2.9 || *left <= 0 {
			t.Errorf("Python reads %s for %v", pythonstore.Shown(found), left)
		}
	})
}
