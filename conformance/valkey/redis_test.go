package valkey_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

// The modules redis and valkey have one layout: what a store of one has written,
// a store of the other reads, lists, replaces and removes.
func TestSharedWithRedis(t *testing.T) {
	t.Parallel()
	for _, kind := range []*servers.Kind{servers.Valkey, servers.Redis} {
		t.Run(kind.Name, func(t *testing.T) {
			address := kind.Start(t, "--appendonly", "no").Address
			ours := open(t, "valkey://"+address)
			theirs, err := redis.Open(t.Context(), "redis://"+address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { core.Close(theirs) })
			t.Run("redis writes", func(t *testing.T) { wantShared(t.Context(), t, theirs, ours) })
			t.Run("valkey writes", func(t *testing.T) { wantShared(t.Context(), t, ours, theirs) })
		})
	}
}

// wantShared has one store write and the other read.
func wantShared(ctx context.Context, t *testing.T, writer, reader core.Store) {
	t.Helper()
	const value = `{"n":12345678901234567890,"f":1.0,"s":"\u00e9😀","z":{"b":[1,null],"a":{}}}`
	names := []struct{ collection, key string }{
		{"", "k"}, {"c", "k"}, {"c", "a::b"}, {"a::b", "c"}, {"a:", ":b"}, {"~kv1~x", "%"}, {"*?[x]\\", "\x00\n"}, {"é😀", "ключ"},
		{"long", strings.Repeat("k", 10_000)},
	}
	for _, ttl := range []time.Duration{core.NoTTL, time.Hour} {
		for _, n := range names {
			if err := writer.Put(ctx, n.collection, n.key, json.RawMessage(value), ttl); err != nil {
				t.Fatal(err)
			}
			written, err := writer.Get(ctx, n.collection, n.key)
			if err != nil {
				t.Fatal(err)
			}
			read, err := reader.Get(ctx, n.collection, n.key)
			if err != nil || string(read.Value) != value || !read.CreatedAt.Equal(written.CreatedAt) || !read.ExpiresAt.Equal(written.ExpiresAt) {
				t.Errorf("%q/%q: the writer has %v, the reader %v, %v", n.collection, n.key, written, read, err)
			}
			if inserted, err := core.Insert(ctx, reader, n.collection, n.key, json.RawMessage(`{}`), core.NoTTL); inserted || err != nil {
				t.Errorf("%q/%q: Insert = %v, %v; want false, nil", n.collection, n.key, inserted, err)
			}
			var keys []string
			for key, err := range core.Keys(ctx, reader, n.collection) {
				if err != nil {
					t.Fatal(err)
				}
				keys = append(keys, key)
			}
			if !slices.Contains(keys, n.key) {
				t.Errorf("%q is not among the keys %q of %q", n.key, keys, n.collection)
			}
		}
	}
	var collections []string
	for collection, err := range core.Collections(ctx, reader) {
		if err != nil {
			t.Fatal(err)
		}
		collections = append(collections, collection)
	}
	if want := 8; len(collections) != want {
		t.Errorf("the collections are %q, want %d", collections, want)
	}
	if live, err := reader.Delete(ctx, "c", "k"); !live || err != nil {
		t.Errorf("Delete = %v, %v; want true, nil", live, err)
	}
	if existed, err := core.DestroyCollection(ctx, reader, "a::b"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
	if err := core.Destroy(ctx, reader); err != nil {
		t.Errorf("Destroy = %v", err)
	}
	for collection, err := range core.Collections(ctx, writer) {
		t.Errorf("after Destroy there is %q, %v", collection, err)
	}
}
