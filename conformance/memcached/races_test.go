package memcached_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/memcached"
)

// dead are items that Delete removes without counting them.
var dead = map[string][]byte{
	"expired": []byte(`{"collection":"c","key":"k","value":{"old":1},"expires_at":"2020-01-01T00:00:00+00:00","version":1}`),
	"corrupt": []byte(`{"value":`),
}

// Deleting what was read as expired, or as corrupt, never takes with it what
// another caller has put meanwhile without saying so: rule 17.
func TestDeleteOfDeadBesidePut(t *testing.T) {
	server := servers.Memcached.Start(t)
	for state, value := range dead {
		for _, many := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/many=%v", state, many), func(t *testing.T) {
				store := open(t, server.URL())
				ctx := t.Context()
				counted := 0
				for range 600 {
					if err := store.Client().Set(&memcache.Item{Key: names.Compound("c", "k"), Value: value}); err != nil {
						t.Fatal(err)
					}
					var live bool
					var all sync.WaitGroup
					all.Go(func() {
						var err error
						if many {
							var n int
							n, err = store.DeleteMany(ctx, "c", []string{"k"})
							live = n == 1
						} else {
							live, err = store.Delete(ctx, "c", "k")
						}
						if err != nil {
							t.Error(err)
						}
					})
					all.Go(func() {
						if err := store.Put(ctx, "c", "k", json.RawMessage(`{"new":1}`), core.NoTTL); err != nil {
							t.Error(err)
						}
					})
					all.Wait()
					_, err := store.Get(ctx, "c", "k")
					switch {
					case err == core.ErrNotFound && !live:
						t.Fatal("what was put is gone, and the delete has not counted it")
					case err == nil && live:
						t.Fatal("the delete has counted what is still there")
					case err != nil && err != core.ErrNotFound:
						t.Fatal(err)
					}
					if live {
						counted++
					}
				}
				t.Logf("in %d of 600 rounds the delete came behind the put", counted)
			})
		}
	}
}

// Of all who delete, put and insert at once, the sums agree: each entry that
// was acknowledged is counted by exactly one delete or is there in the end.
func TestEveryEntryIsDeletedOnce(t *testing.T) {
	server := servers.Memcached.Start(t)
	for name, maker := range makers {
		t.Run(name, func(t *testing.T) {
			stores := []*memcached.Store{maker(t, server.URL()), maker(t, server.URL())}
			ctx := t.Context()
			const rounds = 300
			var inserted, deleted atomic.Int64
			var all sync.WaitGroup
			for worker := range 8 {
				all.Go(func() {
					store := stores[worker%len(stores)]
					for range rounds {
						if worker%2 == 0 {
							ok, err := store.Insert(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL)
							if err != nil {
								t.Error(err)
							}
							if ok {
								inserted.Add(1)
							}
							continue
						}
						n := 0
						var err error
						if worker%4 == 1 {
							n, err = store.DeleteMany(ctx, "c", []string{"k"})
						} else if live, err2 := store.Delete(ctx, "c", "k"); live || err2 != nil {
							n, err = 1, err2
						}
						if err != nil {
							t.Error(err)
						}
						deleted.Add(int64(n))
					}
				})
			}
			all.Wait()
			if n, err := stores[0].DeleteMany(ctx, "c", []string{"k"}); err != nil {
				t.Error(err)
			} else {
				deleted.Add(int64(n))
			}
			if inserted.Load() != deleted.Load() || inserted.Load() == 0 {
				t.Errorf("%d were inserted and %d deleted", inserted.Load(), deleted.Load())
			}
		})
	}
}

// Of many who insert over an expired entry, while others delete it, one wins.
func TestInsertOverExpiredBesideDelete(t *testing.T) {
	server := servers.Memcached.Start(t)
	store := open(t, server.URL())
	ctx := t.Context()
	for round := range 300 {
		if err := store.Client().Set(&memcache.Item{Key: names.Compound("c", "k"), Value: dead["expired"]}); err != nil {
			t.Fatal(err)
		}
		var won, lost atomic.Int64
		var all sync.WaitGroup
		for worker := range 6 {
			all.Go(func() {
				if worker < 2 {
					live, err := store.Delete(ctx, "c", "k")
					if err != nil {
						t.Error(err)
					}
					if live {
						lost.Add(1)
					}
					return
				}
				ok, err := store.Insert(ctx, "c", "k", json.RawMessage(fmt.Sprintf(`{"worker":%d}`, worker)), time.Hour)
				if err != nil {
					t.Error(err)
				}
				if ok {
					won.Add(1)
				}
			})
		}
		all.Wait()
		there := int64(1)
		if _, err := store.Get(ctx, "c", "k"); err == core.ErrNotFound {
			there = 0
		} else if err != nil {
			t.Fatal(err)
		}
		if won.Load() == 0 || won.Load() != lost.Load()+there {
			t.Fatalf("round %d: %d inserts won, %d deletes counted one, and %d is there", round, won.Load(), lost.Load(), there)
		}
	}
}

// A server without check-and-set cannot replace an expired entry on condition,
// and Insert says so rather than to let two win. All else works.
func TestServerWithoutTokens(t *testing.T) {
	server := servers.Memcached.Start(t, "-C")
	store := open(t, server.URL())
	ctx := t.Context()
	if err := store.Client().Set(&memcache.Item{Key: names.Compound("c", "k"), Value: dead["expired"]}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Insert(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL); err == nil || !strings.Contains(err.Error(), "-C") {
		t.Errorf("Insert over an expired entry = %v; want that the server cannot", err)
	}
	if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
		t.Errorf("Delete of an expired entry = %v, %v", live, err)
	}
	for _, want := range []bool{true, false} {
		if ok, err := store.Insert(ctx, "c", "new", json.RawMessage(`{}`), core.NoTTL); ok != want || err != nil {
			t.Errorf("Insert = %v, %v; want %v", ok, err, want)
		}
	}
	if live, err := store.Delete(ctx, "c", "new"); !live || err != nil {
		t.Errorf("Delete = %v, %v; want true", live, err)
	}
	corrupt(ctx, store, "c", "bad")
	if _, err := store.Delete(ctx, "c", "bad"); err == nil || !strings.Contains(err.Error(), "-C") {
		t.Errorf("Delete of what is corrupt = %v; want that the server cannot", err)
	}
	if _, err := store.DeleteMany(ctx, "c", []string{"bad", "k"}); err == nil || !strings.Contains(err.Error(), "-C") {
		t.Errorf("DeleteMany of what is corrupt = %v; want that the server cannot", err)
	}
	if err := store.Put(ctx, "c", "bad", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Errorf("Put over what is corrupt = %v", err)
	}
}
