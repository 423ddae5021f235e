package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/core"
)

// calls are one call of every kind on entries that are there.
var calls = []struct {
	name  string
	needs core.Capability
	call  func(ctx context.Context, store core.Store) error
}{
	{"Get", 0, func(ctx context.Context, s core.Store) error { _, err := s.Get(ctx, "c", "there"); return err }},
	{"GetAppend", 0, func(ctx context.Context, s core.Store) error {
		_, err := core.GetAppend(ctx, s, "c", "there", make([]byte, 0, 100))
		return err
	}},
	{"GetMany", 0, func(ctx context.Context, s core.Store) error {
		entries, err := s.GetMany(ctx, "c", []string{"there", "also"})
		for _, entry := range entries {
			if err == nil && !entry.Found() {
				return core.ErrNotFound
			}
		}
		return err
	}},
	{"Put", 0, func(ctx context.Context, s core.Store) error {
		return s.Put(ctx, "c", "new", json.RawMessage(`{"n":1}`), time.Hour)
	}},
	{"PutMany", 0, func(ctx context.Context, s core.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "x", Value: json.RawMessage(`{}`)}, {Key: "y", Value: json.RawMessage(`{}`)}})
	}},
	{"Delete", 0, func(ctx context.Context, s core.Store) error { _, err := s.Delete(ctx, "c", "new"); return err }},
	{"DeleteMany", 0, func(ctx context.Context, s core.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"x", "y"})
		return err
	}},
	{"Insert", core.CanInsert, func(ctx context.Context, s core.Store) error {
		_, err := core.Insert(ctx, s, "c", "there", json.RawMessage(`{}`), time.Hour)
		return err
	}},
	{"Keys", core.CanKeys, func(ctx context.Context, s core.Store) error {
		for _, err := range core.Keys(ctx, s, "c") {
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"Collections", core.CanCollections, func(ctx context.Context, s core.Store) error {
		for _, err := range core.Collections(ctx, s) {
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"DestroyCollection", core.CanDestroyCollection, func(ctx context.Context, s core.Store) error {
		_, err := core.DestroyCollection(ctx, s, "another")
		return err
	}},
	{"Ping", core.CanPing, func(ctx context.Context, s core.Store) error { return core.Ping(ctx, s) }},
}

const there = `{"who":"it was there all the time"}`

// behind returns a store whose connections go through a proxy, with two
// entries in it.
func (b backend) behind(t *testing.T) (core.Store, *proxy.Proxy) {
	t.Helper()
	p := proxy.New(t, b.kind.Start(t).Address)
	store := b.openStore(t, p.Address)
	for _, key := range []string{"there", "also"} {
		if err := store.Put(t.Context(), "c", key, json.RawMessage(there), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	return store, p
}

// A connection on which nothing comes, or that breaks: every call is an error
// in time, and none is a miss. Afterwards the same store works again.
func TestBrokenConnections(t *testing.T) {
	for _, b := range backends {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			store, p := b.behind(t)
			for name, mode := range map[string]proxy.Mode{"stall": proxy.Stall, "reset": proxy.Reset, "refuse": proxy.Refuse, "lose": proxy.Lose} {
				for _, c := range calls {
					if !core.Supports(store, c.needs) {
						continue
					}
					p.Set(mode)
					what := fmt.Sprintf("%s on connections that %s", c.name, name)
					err := within(t, what, 250*time.Millisecond, func(ctx context.Context) error { return c.call(ctx, store) })
					if !isFailure(err) {
						t.Errorf("%s: %v", what, err)
					}
					if mode == proxy.Stall && !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("%s: %v does not say that the deadline is over", what, err)
					}
				}
				p.Set(proxy.Pass)
				recovers(t, store)
				if entry, err := store.Get(t.Context(), "c", "there"); err != nil || string(entry.Value) != there {
					t.Errorf("after %s: got %s, %v", name, entry.Value, err)
				}
			}
		})
	}
}

// A reply that ends anywhere is the right answer, if the driver asks again, or
// an error.
func TestTruncatedReplies(t *testing.T) {
	for _, b := range backends {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			store, p := b.behind(t)
			for bytes := range 320 {
				p.Truncate(bytes)
				var entry core.Entry
				err := within(t, "get", 5*time.Second, func(ctx context.Context) (err error) {
					entry, err = store.Get(ctx, "c", "there")
					return err
				})
				if !isFailure(err) && (err != nil || string(entry.Value) != there) {
					t.Errorf("get after %d bytes: %s, %v", bytes, entry.Value, err)
				}
				p.Truncate(bytes)
				manyOf(t, store, bytes)
			}
			if p.Truncated() < 320 {
				t.Errorf("%d replies were cut off: that tests too little", p.Truncated())
			}
			p.Set(proxy.Pass)
			recovers(t, store)
		})
	}
}

// manyOf reads several entries, of which each must be right or have failed.
func manyOf(t *testing.T, store core.Store, bytes int) {
	t.Helper()
	keys := []string{"there", "absent", "also"}
	var entries []core.Entry
	err := within(t, "get many", 5*time.Second, func(ctx context.Context) (err error) {
		entries, err = store.GetMany(ctx, "c", keys)
		return err
	})
	if entries == nil {
		if !isFailure(err) {
			t.Errorf("get many after %d bytes: nothing and %v", bytes, err)
		}
		return
	}
	failed := core.FailedKeys(err)
	for i, key := range keys {
		want := there
		if key == "absent" {
			want = ""
		}
		if !slices.Contains(failed, key) && string(entries[i].Value) != want {
			t.Errorf("get many after %d bytes: %q is %q, %v", bytes, key, entries[i].Value, err)
		}
	}
}

// A write that was performed, and whose reply is lost, is not reported as the
// opposite of what happened.
func TestLostReplies(t *testing.T) {
	for _, b := range backends {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			store, p := b.behind(t)
			lost := 0
			for i := range 20 {
				key := fmt.Sprintf("key %d", i)
				p.LoseReplies(1)
				var inserted bool
				err := within(t, "insert", 5*time.Second, func(ctx context.Context) (err error) {
					inserted, err = core.Insert(ctx, store, "c", key, json.RawMessage(`{"n":1}`), time.Hour)
					return err
				})
				if p.Lost() == 0 {
					lost++
				}
				if err == nil && !inserted {
					t.Errorf("insert of a new key answered false")
				}
				p.Set(proxy.Pass)
				recovers(t, store)
				if err := store.Put(t.Context(), "c", key, json.RawMessage(`{"n":2}`), time.Hour); err != nil {
					t.Fatal(err)
				}
				p.LoseReplies(1)
				var deleted bool
				err = within(t, "delete", 5*time.Second, func(ctx context.Context) (err error) {
					deleted, err = store.Delete(ctx, "c", key)
					return err
				})
				if err == nil && !deleted {
					t.Errorf("delete of an entry that was there answered false")
				}
				p.Set(proxy.Pass)
				recovers(t, store)
				if err := store.Put(t.Context(), "c", key, json.RawMessage(`{"n":3}`), time.Hour); err != nil {
					t.Fatal(err)
				}
				p.LoseReplies(1)
				var count int
				err = within(t, "delete many", 5*time.Second, func(ctx context.Context) (err error) {
					count, err = store.DeleteMany(ctx, "c", []string{key})
					return err
				})
				if err == nil && count != 1 {
					t.Errorf("delete many of an entry that was there answered %d", count)
				}
				p.Set(proxy.Pass)
				recovers(t, store)
			}
			if lost == 0 {
				t.Error("no reply was lost: that tests nothing")
			}
		})
	}
}
