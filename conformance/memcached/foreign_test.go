package memcached_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// What other programs keep under a name of ours is a clear error in every
// call, repeats nothing of what was found, and hides no other key.
func TestForeignItems(t *testing.T) {
	url := servers.Memcached.URL(t)
	store := open(t, url)
	ctx := t.Context()
	collection := fmt.Sprintf("foreign-%p", t)
	for name, item := range map[string]memcache.Item{
		"empty":             {Value: nil},
		"text":              {Value: []byte("secret")},
		"a number":          {Value: []byte("42")},
		"invalid UTF-8":     {Value: []byte("{\"value\":{\"secret\":\"\xff\xfe\"},\"version\":1}")},
		"binary":            {Value: []byte("\x80\x04\x95secret\x00\n\r\nEND\r\n")},
		"another reply":     {Value: []byte("\r\nEND\r\nVALUE secret 0 2\r\n{}\r\n")},
		"compressed":        {Value: []byte("\x1f\x8bsecret"), Flags: 8},
		"JSON of others":    {Value: []byte(`{"secret":1}`)},
		"a value of others": {Value: []byte(`{"value":["secret"],"version":1}`)},
		"half an entry":     {Value: []byte(`{"value":{"secret":1},"version":`)},
		"a wrong date":      {Value: []byte(`{"value":{"secret":1},"expires_at":"secret"}`)},
		"large":             {Value: bytes.Repeat([]byte("secret"), 100_000)},
	} {
		t.Run(name, func(t *testing.T) {
			key := name
			item.Key = names.Compound(collection, key)
			if strings.Contains(key, " ") {
				key = strings.ReplaceAll(key, " ", "-")
				item.Key = names.Compound(collection, key)
			}
			plant := func() {
				t.Helper()
				if err := store.Client().Set(&item); err != nil {
					t.Fatal(err)
				}
			}
			plant()
			if err := store.Put(ctx, collection, "good", []byte(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			want := func(method string, err error) {
				t.Helper()
				if !errors.Is(err, core.ErrCorrupt) {
					t.Errorf("%s = %v; want ErrCorrupt", method, err)
				} else if strings.Contains(err.Error(), "secret") {
					t.Errorf("%s repeats what it found: %v", method, err)
				}
			}
			_, err := store.Get(ctx, collection, key)
			want("Get", err)
			_, err = store.GetAppend(ctx, collection, key, nil)
			want("GetAppend", err)
			inserted, err := store.Insert(ctx, collection, key, []byte(`{}`), core.NoTTL)
			want("Insert", err)
			entries, err := store.GetMany(ctx, collection, []string{"good", key, "missing"})
			want("GetMany", err)
			if inserted || len(entries) != 3 || !entries[0].Found() || entries[1].Found() || entries[2].Found() {
				t.Errorf("inserted: %v, entries: %v", inserted, entries)
			}
			if live, err := store.Delete(ctx, collection, key); live || err != nil {
				t.Errorf("Delete = %v, %v; want false", live, err)
			}
			if _, err := store.Get(ctx, collection, key); err != core.ErrNotFound {
				t.Errorf("after Delete: %v", err)
			}
			plant()
			if n, err := store.DeleteMany(ctx, collection, []string{key, "good"}); n != 1 || err != nil {
				t.Errorf("DeleteMany = %d, %v; want 1", n, err)
			}
			plant()
			if err := store.Put(ctx, collection, key, []byte(`{"a":1}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			if entry, err := store.Get(ctx, collection, key); err != nil || string(entry.Value) != `{"a":1}` {
				t.Errorf("after Put: %s, %v", entry.Value, err)
			}
		})
	}
}

// An entry that names another key than the one asked for is that key's, however
// it got where it is: it is a miss, and survives what is no write.
func TestEntryOfAnotherName(t *testing.T) {
	store := open(t, servers.Memcached.URL(t))
	ctx := t.Context()
	collection := fmt.Sprintf("another-%p", t)
	item := &memcache.Item{Key: names.Compound(collection, "a::b"), Value: fmt.Appendf(nil,
		`{"collection":"%s::a","key":"b","value":{"theirs":true},"version":1}`, collection)}
	if err := store.Client().Set(item); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(ctx, collection, "a::b"); err != core.ErrNotFound {
		t.Errorf("Get = %v; want a miss", err)
	}
	if entries, err := store.GetMany(ctx, collection, []string{"a::b"}); err != nil || entries[0].Found() {
		t.Errorf("GetMany = %v, %v; want a miss", entries, err)
	}
	if live, err := store.Delete(ctx, collection, "a::b"); live || err != nil {
		t.Errorf("Delete = %v, %v; want false", live, err)
	}
	if n, err := store.DeleteMany(ctx, collection, []string{"a::b"}); n != 0 || err != nil {
		t.Errorf("DeleteMany = %d, %v; want 0", n, err)
	}
	if there, err := store.Client().Get(item.Key); err != nil || !bytes.Equal(there.Value, item.Value) {
		t.Errorf("deleting our entry changed theirs: %v", err)
	}
	if inserted, err := store.Insert(ctx, collection, "a::b", []byte(`{}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert where there is none of ours = %v, %v; want true", inserted, err)
	}
	if _, err := store.Get(ctx, collection, "a::b"); err != nil {
		t.Errorf("Get of what was inserted = %v", err)
	}
}
