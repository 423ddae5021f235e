package valkey_test

import (
	"math"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
)

// The server is told whole milliseconds, rounded up, and what it keeps for ever
// it keeps for ever.
func TestServersExpiry(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Valkey.Start(t).URL())
	client := store.Client()
	for _, ttl := range []time.Duration{
		time.Nanosecond, time.Microsecond, 1500 * time.Microsecond, 10*time.Second + 1500*time.Microsecond,
		time.Hour, 1000 * 24 * time.Hour, math.MaxInt64,
	} {
		least := ttl.Milliseconds()
		if err := store.Put(ctx, "c", "put", []byte(`{}`), ttl); err != nil {
			t.Errorf("Put for %v = %v", ttl, err)
		}
		if err := store.PutMany(ctx, "c", []core.Item{{Key: "many", Value: []byte(`{}`), TTL: ttl}}); err != nil {
			t.Errorf("PutMany for %v = %v", ttl, err)
		}
		do(t, client, "DEL", "c::insert")
		if inserted, err := store.Insert(ctx, "c", "insert", []byte(`{}`), ttl); !inserted || err != nil {
			t.Errorf("Insert for %v = %v, %v", ttl, inserted, err)
		}
		if ttl < time.Second {
			continue // it is gone before it can be looked at
		}
		for _, name := range []string{"c::put", "c::many", "c::insert"} {
			if left := remaining(t, client, name); left < least-patience.Milliseconds() || left > least+2 {
				t.Errorf("after %v the server keeps %s for %d ms", ttl, name, left)
			}
		}
	}
	if err := store.Put(ctx, "c", "put", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if left := remaining(t, client, "c::put"); left != -1 {
		t.Errorf("an entry for ever ends in %d ms on the server", left)
	}
}

// The server holds an entry a little longer than it lives.
func TestExpiredButThere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Valkey.Start(t).URL())
	put := func(key string) {
		do(t, store.Client(), "SET", "c::"+key, envelope("c", key, `{}`, time.Now().Add(-time.Second)), "EX", "30")
	}
	for _, key := range []string{"get", "delete", "many", "insert", "list"} {
		put(key)
	}
	for key, err := range store.Keys(ctx, "c") {
		t.Errorf("Keys yields %q, %v; want nothing", key, err)
	}
	for collection, err := range store.Collections(ctx) {
		t.Errorf("Collections yields %q, %v; want nothing", collection, err)
	}
	if _, err := store.Get(ctx, "c", "get"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
	if live, err := store.Delete(ctx, "c", "delete"); live || err != nil {
		t.Errorf("Delete = %v, %v; want false, nil", live, err)
	}
	if count, err := store.DeleteMany(ctx, "c", []string{"many", "missing"}); count != 0 || err != nil {
		t.Errorf("DeleteMany = %v, %v; want 0, nil", count, err)
	}
	if inserted, err := store.Insert(ctx, "c", "insert", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	if left := remaining(t, store.Client(), "c::insert"); left != -1 {
		t.Errorf("the server removes what was inserted for good in %d ms", left)
	}
	put("insert")
	if inserted, err := store.Insert(ctx, "c", "insert", []byte(`{"n":2}`), time.Hour); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	if left := remaining(t, store.Client(), "c::insert"); left <= time.Minute.Milliseconds() || left > time.Hour.Milliseconds()+1 {
		t.Errorf("the server removes what was inserted for an hour in %d ms", left)
	}
}
