package memcached_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

const day = 24 * time.Hour

// The server keeps an item until its entry has expired, and not for ever: it
// is asked, by a meta command, how long.
func TestServerExpiry(t *testing.T) {
	server := servers.Memcached.Start(t)
	store := open(t, server.URL())
	ctx := t.Context()
	for _, c := range []struct {
		ttl      time.Duration
		more     int64 // seconds that the server may keep it longer, and a clock's tick
		unending bool
	}{
		{ttl: 0, unending: true},
		{ttl: 1, more: 2},
		{ttl: time.Millisecond, more: 2},
		{ttl: time.Second, more: 2},
		{ttl: 1500 * time.Millisecond, more: 2},
		{ttl: 100 * time.Second, more: 2},
		{ttl: 30*day - 2*time.Second, more: 2},
		{ttl: 30*day - time.Second, more: 62}, // a microsecond more with both times rounded
		{ttl: 30*day - time.Second + 1, more: 62},
		{ttl: 30 * day, more: 62},
		{ttl: 30*day + time.Second, more: 62},
		{ttl: 365 * day, more: 62},
		{ttl: time.Until(time.Unix(math.MaxInt32, 0)) - time.Hour, more: 62},
		{ttl: time.Until(time.Unix(math.MaxInt32, 0)) + time.Hour, unending: true},
		{ttl: (math.MaxInt32 + 1) * time.Second, unending: true},
		{ttl: math.MaxInt64, unending: true},
	} {
		for _, method := range []string{"Put", "PutMany", "Insert"} {
			key := fmt.Sprint(method, "-", int64(c.ttl))
			var err error
			switch method {
			case "Put":
				err = store.Put(ctx, "c", key, []byte(`{}`), c.ttl)
			case "PutMany":
				err = store.PutMany(ctx, "c", []core.Item{{Key: key, Value: []byte(`{}`), TTL: c.ttl}})
			case "Insert":
				_, err = store.Insert(ctx, "c", key, []byte(`{}`), c.ttl)
			}
			if err != nil {
				t.Fatal(err)
			}
			kept := remaining(t, server.Address, names.Compound("c", key))
			least := int64(math.Ceil(c.ttl.Seconds())) - 1 // asked a little later
			switch {
			case c.unending && kept != -1:
				t.Errorf("%s for %v: the server forgets it in %d s; want never", method, c.ttl, kept)
			case !c.unending && (kept < least || kept > least+1+c.more):
				t.Errorf("%s for %v: the server forgets it in %d s; want %d to %d", method, c.ttl, kept, least, least+1+c.more)
			}
		}
	}
}

// remaining returns for how many seconds the server keeps an item; -1: always.
func remaining(t *testing.T, address, name string) int64 {
	t.Helper()
	reply := ask(t, address, "mg "+name+" t\r\n", "")[0]
	text, ok := strings.CutPrefix(reply, "HD t")
	seconds, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil {
		t.Fatalf("asked for the time of %s the server says %q", name, reply)
	}
	return seconds
}

// An entry is there until its time, to the millisecond, although the server
// counts in seconds, and gone then, although the server still has it.
func TestEntryDecides(t *testing.T) {
	server := servers.Memcached.Start(t)
	store := open(t, server.URL())
	ctx := t.Context()
	if err := store.Put(ctx, "c", "k", []byte(`{}`), 300*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	entry, err := store.Get(ctx, "c", "k")
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, err := store.Get(ctx, "c", "k")
		if now := time.Now(); err == core.ErrNotFound {
			if now.Before(entry.ExpiresAt) {
				t.Errorf("gone %v before its time", entry.ExpiresAt.Sub(now))
			}
			break
		}
	}
	item, err := store.Client().Get(names.Compound("c", "k"))
	if err != nil {
		t.Fatalf("the server has forgotten the item already: %v", err)
	}
	if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
		t.Errorf("Delete of an expired entry = %v, %v; want false", live, err)
	}
	if _, err := store.Client().Get(item.Key); err == nil {
		t.Error("Delete has left the expired item")
	}
}
