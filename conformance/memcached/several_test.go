package memcached_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/memcached"
)

// makers are the ways to make a store on several servers.
var makers = map[string]func(t testing.TB, url string) *memcached.Store{
	"open":          open,
	"borrowed":      func(t testing.TB, url string) *memcached.Store { return lent(t, url, false) },
	"selector-told": func(t testing.TB, url string) *memcached.Store { return lent(t, url, true) },
}

// batch is a hundred items.
func batch() (keys []string, items []core.Item) {
	for i := range 100 {
		key := fmt.Sprintf("key-%03d", i)
		keys = append(keys, key)
		items = append(items, core.Item{Key: key, Value: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))})
	}
	return keys, items
}

// split returns the keys that are on the first and on the second server.
func split(t *testing.T, url string, keys []string) (first, second []string) {
	t.Helper()
	selector := selectorOf(t, url)
	home, err := selector.PickServer(names.Compound("c", keys[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		server, err := selector.PickServer(names.Compound("c", key))
		if err != nil {
			t.Fatal(err)
		}
		if server.String() == home.String() {
			first = append(first, key)
		} else {
			second = append(second, key)
		}
	}
	if len(first) < 10 || len(second) < 10 {
		t.Fatalf("%d and %d keys on two servers", len(first), len(second))
	}
	return first, second
}

// Entries are spread as every client of the driver does it, and read by all
// stores however they were made.
func TestSeveralServers(t *testing.T) {
	url := urlOf(servers.Memcached.Start(t), servers.Memcached.Start(t), servers.Memcached.Start(t))
	ctx := t.Context()
	keys, items := batch()
	for name, maker := range makers {
		writer := maker(t, url)
		if err := writer.PutMany(ctx, "c", items[:50]); err != nil {
			t.Fatal(err)
		}
		for _, item := range items[50:] {
			if err := writer.Put(ctx, "c", item.Key, item.Value, core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		plain := clientOf(t, url)
		for _, key := range keys {
			if _, err := plain.Get(names.Compound("c", key)); err != nil {
				t.Errorf("%s: %s is not where the driver looks for it: %v", name, key, err)
			}
		}
		for other, maker := range makers {
			reader := maker(t, url)
			entries, err := reader.GetMany(ctx, "c", keys)
			if err != nil {
				t.Fatal(err)
			}
			for i, entry := range entries {
				if string(entry.Value) != string(items[i].Value) {
					t.Errorf("%s wrote %s, and %s read %s", name, items[i].Value, other, entry.Value)
				}
			}
		}
		if n, err := writer.DeleteMany(ctx, "c", keys); n != len(keys) || err != nil {
			t.Errorf("%s: DeleteMany = %d, %v; want %d", name, n, err, len(keys))
		}
	}
}

// The keys of a server that is down are errors, and no misses, and the others
// are served: rules 8 and 12.
func TestDeadServerAmongSeveral(t *testing.T) {
	for name, maker := range makers {
		t.Run(name, func(t *testing.T) {
			one, two := servers.Memcached.Start(t), servers.Memcached.Start(t)
			url := urlOf(one, two)
			store := maker(t, url)
			ctx := t.Context()
			keys, items := batch()
			if err := store.PutMany(ctx, "c", items); err != nil {
				t.Fatal(err)
			}
			up, down := split(t, url, keys)
			if address(t, url, up[0]) == one.Address {
				two.Kill()
			} else {
				one.Kill()
			}
			absent := "absent"
			for i := 0; address(t, url, absent) != address(t, url, up[0]); i++ {
				absent = fmt.Sprint("absent-", i)
			}

			asked := append(slices.Clone(keys), absent)
			entries, err := store.GetMany(ctx, "c", asked)
			wantFailed(t, "GetMany", err, down)
			if len(entries) != len(asked) {
				t.Fatalf("GetMany returned %d entries, want %d", len(entries), len(asked))
			}
			for i, key := range keys {
				if found := entries[i].Found(); found != slices.Contains(up, key) {
					t.Errorf("GetMany: %s found: %v", key, found)
				}
			}
			wantFailed(t, "PutMany", store.PutMany(ctx, "c", items), down)
			for _, key := range down[:3] {
				if _, err := store.Get(ctx, "c", key); err == nil || errors.Is(err, core.ErrNotFound) {
					t.Errorf("Get(%s) = %v; want an error that is no miss", key, err)
				}
				if _, err := store.Delete(ctx, "c", key); err == nil {
					t.Errorf("Delete(%s) on a dead server succeeded", key)
				}
				if _, err := store.Insert(ctx, "c", key, items[0].Value, core.NoTTL); err == nil {
					t.Errorf("Insert(%s) on a dead server succeeded", key)
				}
			}
			if _, err := store.Get(ctx, "c", absent); err != core.ErrNotFound {
				t.Errorf("Get(%s) = %v; want a miss", absent, err)
			}
			if err := store.Ping(ctx); err == nil {
				t.Error("Ping succeeded with a dead server")
			}
			n, err := store.DeleteMany(ctx, "c", asked)
			wantFailed(t, "DeleteMany", err, down)
			if n != len(up) {
				t.Errorf("DeleteMany = %d, want %d", n, len(up))
			}

			one.Kill()
			two.Kill()
			entries, err = store.GetMany(ctx, "c", asked)
			if entries != nil || err == nil || len(core.FailedKeys(err)) > 0 {
				t.Errorf("GetMany without any server = %d entries, %v; want nil and one error", len(entries), err)
			}
			wantFailed(t, "PutMany", store.PutMany(ctx, "c", items), keys)
		})
	}
}

// address returns that of the server which has a key.
func address(t *testing.T, url, key string) string {
	t.Helper()
	server, err := selectorOf(t, url).PickServer(names.Compound("c", key))
	if err != nil {
		t.Fatal(err)
	}
	return server.String()
}

// wantFailed wants an error for each of the keys, and for no others.
func wantFailed(t *testing.T, method string, err error, keys []string) {
	t.Helper()
	failed := core.FailedKeys(err)
	slices.Sort(failed)
	if !slices.Equal(failed, keys) {
		t.Errorf("%s failed for %q, want %q: %v", method, failed, keys, err)
	}
	if errors.Is(err, core.ErrNotFound) {
		t.Errorf("%s took a server that is down for a miss", method)
	}
}

// A server that does not answer holds up nobody but those who ask it, and
// those no longer than they wanted.
func TestStalledServerAmongSeveral(t *testing.T) {
	for name, maker := range makers {
		if name == "borrowed" {
			continue // which does not know who asks whom
		}
		t.Run(name, func(t *testing.T) {
			one, two := servers.Memcached.Start(t), servers.Memcached.Start(t)
			url := urlOf(one, two)
			store := maker(t, url+"?timeout=20s")
			keys, items := batch()
			if err := store.PutMany(t.Context(), "c", items); err != nil {
				t.Fatal(err)
			}
			up, down := split(t, url, keys)
			stalled := one
			if address(t, url, up[0]) == one.Address {
				stalled = two
			}
			pause(t, stalled, store, down[0])
			defer stalled.Resume()
			const waiting = 200
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, waiting)
			for i := range waiting {
				go func() {
					_, err := store.Get(ctx, "c", down[i%len(down)])
					ended <- err
				}()
			}
			for range 3 {
				for _, key := range up {
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					if _, err := store.Get(ctx, "c", key); err != nil {
						t.Fatalf("Get(%s), while another server stalls = %v", key, err)
					}
					cancel()
				}
			}
			soon, cancelSoon := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancelSoon()
			entries, err := store.GetMany(soon, "c", keys)
			wantFailed(t, "GetMany", err, down)
			if !errors.Is(err, context.DeadlineExceeded) || len(entries) != len(keys) || !entries[0].Found() {
				t.Errorf("GetMany with a deadline = %d entries, %v; want those of the other server", len(entries), err)
			}
			cancel() // and they return, at once
			for range waiting {
				select {
				case err := <-ended:
					if !errors.Is(err, context.Canceled) {
						t.Errorf("Get, cancelled, = %v", err)
					}
				case <-time.After(10 * time.Second):
					t.Fatal("a cancelled call does not return")
				}
			}
		})
	}
}

// Batches are as large as they are: more requests than are sent before replies
// are read, names beyond one request, and values beyond every buffer.
func TestLargeBatches(t *testing.T) {
	url := urlOf(servers.Memcached.Start(t, "-m", "1024"), servers.Memcached.Start(t, "-m", "1024"))
	for name, maker := range makers {
		for _, size := range []struct{ count, bytes int }{{3000, 20}, {150, 100 << 10}} {
			t.Run(fmt.Sprintf("%s/%d-of-%d", name, size.count, size.bytes), func(t *testing.T) {
				store := maker(t, url)
				var items []core.Item
				var keys []string
				value := sized(size.bytes)
				for i := range size.count {
					key := fmt.Sprintf("%0200d", i)
					items = append(items, core.Item{Key: key, Value: value})
					keys = append(keys, key, key+"-missing")
				}
				if err := store.PutMany(t.Context(), "c", items); err != nil {
					t.Fatal(err)
				}
				entries, err := store.GetMany(t.Context(), "c", keys)
				if err != nil {
					t.Fatal(err)
				}
				for i, entry := range entries {
					if want := i%2 == 0; entry.Found() != want || want && string(entry.Value) != string(value) {
						t.Fatalf("%s: %d bytes", keys[i], len(entry.Value))
					}
				}
				if n, err := store.DeleteMany(t.Context(), "c", keys); n != size.count || err != nil {
					t.Errorf("DeleteMany = %d, %v; want %d", n, err, size.count)
				}
			})
		}
	}
}
