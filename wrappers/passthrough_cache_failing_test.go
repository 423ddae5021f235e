package wrappers_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestPassthroughCacheWithoutItsCache(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{NegativeTTL: time.Minute})
	w.cacheFaults.Inject(storetest.Fault{})
	putCached(t, w, "k", `{"n":1}`, time.Hour)
	for range 2 {
		wantCached(t, w, "k", `{"n":1}`)
		wantCached(t, w, "absent", "")
		if entries, err := w.GetMany(t.Context(), "c", []string{"k", "absent"}); err != nil || string(entries[0].Value) != `{"n":1}` || entries[1].Found() {
			t.Errorf("GetMany = %v, %v", entries, err)
		}
		buffer := []byte("before")
		if entry, err := w.GetAppend(t.Context(), "c", "k", buffer); err != nil || string(entry.Value) != `before{"n":1}` {
			t.Errorf("GetAppend = %s, %v", entry.Value, err)
		}
	}
	if n, err := w.DeleteMany(t.Context(), "c", []string{"k", "absent"}); n != 1 || err != nil {
		t.Errorf("DeleteMany = %d, %v", n, err)
	}
	if _, err := w.DestroyCollection(t.Context(), "c"); err != nil {
		t.Error(err)
	}
	if _, err := w.Cull(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestPassthroughCacheDistrusts has copies that could not be removed.
func TestPassthroughCacheDistrusts(t *testing.T) {
	writes := map[string]func(context.Context, core.Store) error{
		"Put": func(ctx context.Context, s core.Store) error {
			return s.Put(ctx, "c", "k", []byte(`{"n":2}`), time.Hour)
		},
		"PutMany": func(ctx context.Context, s core.Store) error {
			return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: []byte(`{"n":2}`), TTL: time.Hour}, {Key: "l", Value: []byte(`{}`)}})
		},
		"Delete": func(ctx context.Context, s core.Store) error { _, err := s.Delete(ctx, "c", "k"); return err },
		"DeleteMany": func(ctx context.Context, s core.Store) error {
			_, err := s.DeleteMany(ctx, "c", []string{"l", "k"})
			return err
		},
		"DestroyCollection": func(ctx context.Context, s core.Store) error {
			_, err := core.DestroyCollection(ctx, s, "c")
			return err
		},
		"Destroy": core.Destroy,
	}
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, MissingTTL: time.Minute})
				putCached(t, w, "k", `{"n":1}`, time.Hour)
				wantCached(t, w, "k", `{"n":1}`)
				text, err := w.cache.Get(t.Context(), "c", "k")
				if err != nil {
					t.Fatal(err)
				}
				w.cacheFaults.Inject(storetest.Fault{Times: 1})
				if err := write(t.Context(), w); err != nil {
					t.Errorf("a write whose copy could not be removed returned %v", err)
				}
				want := ""
				if entry, err := w.primaryFaults.Unwrap().Get(t.Context(), "c", "k"); err == nil {
					want = string(entry.Value)
				}
				wantCached(t, w, "k", want)
				putCached(t, w, "k", `{"n":3}`, time.Hour)
				wantCached(t, w, "k", `{"n":3}`)
				w.primary.Reset()
				wantCached(t, w, "k", `{"n":3}`)
				if n := len(w.primary.Calls()); n != 0 {
					t.Error("what was read after the failure is not cached")
				}
				putCached(t, w.cache, "k", string(text.Value), time.Hour) // what was late lands
				wantCached(t, w, "k", `{"n":3}`)

				// When all copies from before have ended, those of others are
				// trusted again.
				other := `{"cached":"1 W 0 9999999999.000000000 - - 7","value":{"n":4}}`
				putCached(t, w.cache, "k", other, core.NoTTL)
				wantCached(t, w, "k", `{"n":3}`)
				time.Sleep(time.Minute)
				putCached(t, w.cache, "k", other, core.NoTTL)
				wantCached(t, w, "k", `{"n":4}`)
			})
		})
	}
}

// TestPassthroughCacheLateFill has a copy whose reply was lost, and which
// lands after a later write.
func TestPassthroughCacheLateFill(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
	putCached(t, w, "k", `{"n":1}`, time.Hour)
	w.cacheFaults.Inject(storetest.Fault{Method: "Put", LoseReply: true, Times: 1})
	wantCached(t, w, "k", `{"n":1}`)
	text, err := w.cache.Get(t.Context(), "c", "k")
	if err != nil {
		t.Fatal(err)
	}
	putCached(t, w, "k", `{"n":2}`, time.Hour)
	putCached(t, w.cache, "k", string(text.Value), time.Hour)
	wantCached(t, w, "k", `{"n":2}`)
}

// TestPassthroughCacheCanceledWrite has callers who leave before the copy is
// removed.
func TestPassthroughCacheCanceledWrite(t *testing.T) {
	for _, hanging := range []storetest.Fault{
		{Method: "Delete", Delay: 2 * time.Second, Times: 2},
		{Method: "Delete", Delay: time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
			putCached(t, w, "k", `{"n":1}`, time.Hour)
			wantCached(t, w, "k", `{"n":1}`)
			w.cacheFaults.Inject(hanging)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			if err := w.Put(ctx, "c", "k", []byte(`{"n":2}`), time.Hour); err != nil {
				t.Errorf("Put = %v: the primary was written", err)
			}
			if took := time.Since(start); took != time.Second {
				t.Errorf("Put took %v, its context one second", took)
			}
			for range 10 { // while the copy is being removed, and after
				wantCached(t, w, "k", `{"n":2}`)
				time.Sleep(time.Second)
			}
			w.primary.Reset()
			wantCached(t, w, "k", `{"n":2}`)
			if n := len(w.primary.Calls()); n != 0 {
				t.Error("the key is not cached any more")
			}
		})
	}
}

func TestPassthroughCacheUnknownOutcome(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
	putCached(t, w, "k", `{"n":1}`, time.Hour)
	wantCached(t, w, "k", `{"n":1}`)
	w.primaryFaults.Inject(storetest.Fault{Method: "Put", LoseReply: true, Times: 1})
	if err := w.Put(t.Context(), "c", "k", []byte(`{"n":2}`), time.Hour); !errors.Is(err, storetest.ErrInjected) {
		t.Errorf("Put = %v", err)
	}
	wantCached(t, w, "k", `{"n":2}`)
}

// picky is a cache that refuses a key, as one with a limit would.
type picky struct{ core.Full }

func (p picky) refuses(op, key string) error {
	if key == "long" {
		return &core.Error{Op: op, Err: fmt.Errorf("%w: too long", core.ErrInvalidKey)}
	}
	return nil
}

func (p picky) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := p.refuses("delete", key); err != nil {
		return false, err
	}
	return p.Full.Delete(ctx, collection, key)
}

func (p picky) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	for _, key := range keys {
		if err := p.refuses("delete many", key); err != nil {
			return 0, err
		}
	}
	return p.Full.DeleteMany(ctx, collection, keys)
}

func TestPassthroughCacheKeysThatTheCacheRefuses(t *testing.T) {
	cache := storetest.NewRecorder(newMemory(t))
	primary := storetest.NewRecorder(newMemory(t))
	store := newCached(t, primary, wrappers.PassthroughCacheOptions{Cache: picky{cache}})
	putCached(t, store, "k", `{"n":1}`, time.Hour)
	wantCached(t, store, "k", `{"n":1}`)
	if _, err := store.DeleteMany(t.Context(), "c", []string{"long", "k"}); err != nil {
		t.Error(err)
	}
	wantCached(t, store, "k", "")
	putCached(t, store, "k", `{"n":2}`, time.Hour)
	wantCached(t, store, "k", `{"n":2}`)
	putCached(t, store, "long", `{"n":2}`, time.Hour)
	primary.Reset()
	wantCached(t, store, "k", `{"n":2}`)
	if n := len(primary.Calls()); n != 0 {
		t.Error("a name that the cache refuses cost the trust in others")
	}
}
