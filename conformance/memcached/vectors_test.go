package memcached_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// vector is an item that the Python library has written, with or without its
// strategy for long keys.
type vector struct {
	Op         string
	Collection *string
	Key        string
	Value      json.RawMessage
	Name       text            `json:"memcached_key"`
	Item       text            `json:"memcached_value"`
	StoredKey  string          `json:"stored_key"`
	Stored     text            `json:"stored"`
	Error      json.RawMessage `json:"error"`
}

type text struct {
	Bytes string `json:"$bytes_utf8"`
}

// What the Python library has written is read, wherever Python keeps it, and
// what is written lies where Python looks for it and is, put into Python's
// order, the same to the byte.
func TestVectorsOnServer(t *testing.T) {
	data, err := os.ReadFile("../../memcached/testdata/memcached.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []vector }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	server := servers.Memcached.Start(t)
	plain, v1 := open(t, server.URL()), open(t, server.URL()+"?v1_keys=1")
	tried := 0
	for _, c := range file.Cases {
		store, name, item, collection := plain, c.Name.Bytes, c.Item.Bytes, ""
		if c.StoredKey != "" {
			store, name, item, c.Value = v1, c.StoredKey, c.Stored.Bytes, json.RawMessage(`{"v": 1}`)
		}
		if name == "" || name == "c::x::k::y" { // an ambiguous name, which is encoded on purpose
			continue
		}
		tried++
		if c.Collection != nil {
			collection = *c.Collection
		}
		envelope, err := managed.Decode([]byte(item))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Client().Set(&memcache.Item{Key: name, Value: []byte(item)}); err != nil {
			t.Fatal(err)
		}
		entry, err := store.Get(t.Context(), collection, c.Key)
		switch expired := envelope.Expired(); {
		case expired && err != core.ErrNotFound:
			t.Errorf("%.40q: expired in 2025, and Get = %v", c.Key, err)
		case !expired && (err != nil || !sameJSON(t, entry.Value, c.Value) || !entry.CreatedAt.Equal(envelope.CreatedAt)):
			t.Errorf("%.40q: Get = %s, %v; want %s", c.Key, entry.Value, err, c.Value)
		}

		if err := store.Put(t.Context(), collection, c.Key, c.Value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
		written, err := store.Client().Get(name)
		if err != nil {
			t.Fatalf("%.40q was not written where Python looks for it: %v", c.Key, err)
		}
		ours, err := managed.Decode(written.Value)
		if err != nil {
			t.Fatal(err)
		}
		if written.Flags != 0 || !ours.Belongs(core.CollectionName(collection), c.Key) || !sameJSON(t, ours.Value, c.Value) {
			t.Errorf("%.40q: written is %s with flags %d", c.Key, written.Value, written.Flags)
		}
		canonical, err := managed.AppendCanonical(nil, &managed.Record{
			Collection: core.CollectionName(collection), Key: c.Key,
			Entry: core.Entry{Value: ours.Value, CreatedAt: envelope.CreatedAt, ExpiresAt: envelope.ExpiresAt},
		})
		if err != nil || string(canonical) != item {
			t.Errorf("%.40q: in Python's order\n%s, %v, want\n%s", c.Key, canonical, err, item)
		}
	}
	if tried < 8 {
		t.Errorf("only %d vectors were tried", tried)
	}
}

// What is malformed is an error here as in Python.
func TestMalformedVector(t *testing.T) {
	server := servers.Memcached.Start(t)
	store := open(t, server.URL())
	if err := store.Client().Set(&memcache.Item{Key: "test::bad", Value: []byte("not json")}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "test", "bad"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Get = %v; want ErrCorrupt", err)
	}
}

func sameJSON(t *testing.T, a, b json.RawMessage) bool {
	t.Helper()
	record := managed.Record{Entry: core.Entry{CreatedAt: time.Unix(0, 0)}}
	record.Value = a
	first, err := managed.AppendCanonical(nil, &record)
	if err != nil {
		t.Fatal(err)
	}
	record.Value = b
	second, err := managed.AppendCanonical(nil, &record)
	if err != nil {
		t.Fatal(err)
	}
	return string(first) == string(second)
}
