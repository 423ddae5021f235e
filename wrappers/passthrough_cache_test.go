package wrappers_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// newCached is a PassthroughCache over two stores. Without a cache in the
// options it has one in memory.
func newCached(t testing.TB, primary core.Store, options wrappers.PassthroughCacheOptions) *wrappers.PassthroughCache {
	t.Helper()
	if options.Cache == nil {
		options.Cache = newMemory(t)
	}
	store, err := wrappers.NewPassthroughCache(primary, &options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestPassthroughCache(t *testing.T) {
	calls := func(method string) (least, most int) {
		switch method {
		case "Get", "GetAppend", "GetMany":
			return 0, 1
		}
		return 1, 1
	}
	for name, options := range map[string]wrappers.PassthroughCacheOptions{
		"defaults": {},
		"all":      {NegativeTTL: time.Minute, StaleWhileRevalidate: time.Minute, Jitter: 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			wrap := func(t testing.TB, inner core.Store) core.Store { return newCached(t, inner, options) }
			prove(t, wrap, &storetest.WrapperOptions{
				InnerCalls: calls,
				Both: func(t *testing.T, first, second core.Store) core.Store {
					return newCached(t, first, wrappers.PassthroughCacheOptions{Cache: second})
				},
			}, nil)
		})
	}
}

func TestPassthroughCacheOptions(t *testing.T) {
	primary, cache := newMemory(t), newMemory(t)
	for name, options := range map[string]*wrappers.PassthroughCacheOptions{
		"nil":               nil,
		"no cache":          {},
		"cache is primary":  {Cache: primary},
		"negative MaxTTL":   {Cache: cache, MaxTTL: -1},
		"negative missing":  {Cache: cache, MissingTTL: -1},
		"negative negative": {Cache: cache, NegativeTTL: -1},
		"negative stale":    {Cache: cache, StaleWhileRevalidate: -1},
		"negative jitter":   {Cache: cache, Jitter: -0.1},
		"jitter above 1":    {Cache: cache, Jitter: 1.1},
		"jitter NaN":        {Cache: cache, Jitter: math.NaN()},
	} {
		_, err := wrappers.NewPassthroughCache(primary, options)
		var e *core.Error
		if !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &e) || e.Op != "new" {
			t.Errorf("%s: NewPassthroughCache returned %v, want core.ErrInvalidOptions", name, err)
		}
	}
	if _, err := wrappers.NewPassthroughCache(nil, &wrappers.PassthroughCacheOptions{Cache: cache}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("NewPassthroughCache without a primary returned %v, want core.ErrInvalidOptions", err)
	}
}

// watchedCache is a primary and a cache that are recorded and can fail, and a
// PassthroughCache over them.
type watchedCache struct {
	*wrappers.PassthroughCache
	primary, cache             *storetest.Recorder
	primaryFaults, cacheFaults *storetest.Faulty
}

func newWatchedCache(t testing.TB, options wrappers.PassthroughCacheOptions) watchedCache {
	t.Helper()
	w := watchedCache{primaryFaults: storetest.NewFaulty(newMemory(t)), cacheFaults: storetest.NewFaulty(newMemory(t))}
	w.primary, w.cache = storetest.NewRecorder(w.primaryFaults), storetest.NewRecorder(w.cacheFaults)
	options.Cache = w.cache
	w.PassthroughCache = newCached(t, w.primary, options)
	return w
}

// putCached puts a value, which must succeed.
func putCached(t testing.TB, store core.Store, key, value string, ttl time.Duration) {
	t.Helper()
	if err := store.Put(t.Context(), "c", key, []byte(value), ttl); err != nil {
		t.Fatal(err)
	}
}

// wantCached gets a value; empty means that there must be none.
func wantCached(t testing.TB, store core.Store, key, want string) core.Entry {
	t.Helper()
	entry, err := store.Get(context.Background(), "c", key)
	if want == "" {
		if !errors.Is(err, core.ErrNotFound) {
			t.Errorf("Get(%q) = %s, %v; want ErrNotFound", key, entry.Value, err)
		}
		return entry
	}
	if err != nil || string(entry.Value) != want {
		t.Errorf("Get(%q) = %s, %v; want %s", key, entry.Value, err, want)
	}
	return entry
}

func TestPassthroughCacheKeepsTheTimesOfThePrimary(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute})
	for key, ttl := range map[string]time.Duration{"forever": core.NoTTL, "an hour": time.Hour, "centuries": math.MaxInt64} {
		putCached(t, w, key, `{"key":"`+key+`"}`, ttl)
		want, err := w.primary.Get(t.Context(), "c", key)
		if err != nil {
			t.Fatal(err)
		}
		wantCached(t, w, key, string(want.Value))
		w.primary.Reset()
		for range 2 {
			entry := wantCached(t, w, key, string(want.Value))
			if !entry.CreatedAt.Equal(want.CreatedAt) || !entry.ExpiresAt.Equal(want.ExpiresAt) {
				t.Errorf("%s: a hit has the times %v, %v; want the primary's %v, %v", key, entry.CreatedAt, entry.ExpiresAt, want.CreatedAt, want.ExpiresAt)
			}
			entry.Value[1] = 'X' // must be the caller's own
		}
		buffer := append(make([]byte, 0, 4096), "before"...)
		entry, err := w.GetAppend(t.Context(), "c", key, buffer)
		if err != nil || string(entry.Value) != "before"+string(want.Value) {
			t.Errorf("%s: GetAppend of a hit = %s, %v", key, entry.Value, err)
		}
		if n := len(w.primary.Calls()); n != 0 {
			t.Errorf("%s: hits made %d calls of the primary", key, n)
		}
	}
}

func TestPassthroughCacheIgnoresForeignCopies(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
	putCached(t, w, "k", `{"n":1}`, core.NoTTL)
	for _, foreign := range []string{
		`{}`, `{"n":2}`, `{"cached":"1 "}`, `{"cached":"2 W 0 9999999999.000000000 - - 7","value":{"n":2}}`,
		`{"cached":"1 W 0 9999999999.000000000 - - 8","value":{"n":2}}`,
		`{"cached":"1 W 0 9999999999.000000000 - - 7","value": {"n":2}}`,
		`{"cached":"1 W 0 9999999999.0000 - - 7","value":{"n":2}}`,
		`{"cached":"1 W 0 1.000000000 - - 7","value":{"n":2}}`,
		`{"cached":"1 W 0 9999999999.000000000 - 1.000000000 7","value":{"n":2}}`,
	} {
		putCached(t, w.cache, "k", foreign, core.NoTTL)
		wantCached(t, w, "k", `{"n":1}`)
		putCached(t, w.cache, "k", foreign, core.NoTTL)
		if entries, err := w.GetMany(t.Context(), "c", []string{"k"}); err != nil || string(entries[0].Value) != `{"n":1}` {
			t.Errorf("GetMany over the foreign copy %s = %s, %v", foreign, entries[0].Value, err)
		}
	}
	// The text of a copy is a format: other processes read it.
	putCached(t, w.cache, "k", `{"cached":"1 W 0 9999999999.000000000 1700000000.000000001 - 7","value":{"n":3}}`, core.NoTTL)
	entry := wantCached(t, w, "k", `{"n":3}`)
	if !entry.CreatedAt.Equal(time.Unix(1_700_000_000, 1)) || !entry.ExpiresAt.IsZero() {
		t.Errorf("the copy of another process has the times %v, %v", entry.CreatedAt, entry.ExpiresAt)
	}
	putCached(t, w.cache, "k", `{"cached":"1 W 0 9999999999.000000000 - -"}`, core.NoTTL)
	wantCached(t, w, "k", "")
}

func TestPassthroughCacheAsksOncePerBatch(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
	for _, key := range []string{"a", "b", "c", "d"} {
		putCached(t, w, key, `{"key":"`+key+`"}`, time.Hour)
	}
	wantCached(t, w, "b", `{"key":"b"}`)
	w.primary.Reset()
	w.cache.Reset()
	keys := []string{"a", "b", "absent", "c", "a", "b"}
	for _, want := range []struct{ primary, cache int }{{1, 2}, {1, 1}} { // absent is asked for again
		entries, err := w.GetMany(t.Context(), "c", keys)
		if err != nil || len(entries) != len(keys) {
			t.Fatalf("GetMany = %d entries, %v", len(entries), err)
		}
		for i, key := range keys {
			if text := string(entries[i].Value); key != "absent" && text != `{"key":"`+key+`"}` || key == "absent" && text != "" {
				t.Errorf("GetMany answered %q with %s", key, text)
			}
			if entries[i].Found() {
				entries[i].Value[2] = 'X' // shared with no other place
			}
		}
		if got := len(w.primary.Calls()); got != want.primary {
			t.Errorf("GetMany made %d calls of the primary, want %d", got, want.primary)
		}
		if got := len(w.cache.Calls()); got != want.cache {
			t.Errorf("GetMany made %d calls of the cache, want %d", got, want.cache)
		}
		w.primary.Reset()
		w.cache.Reset()
	}
	if _, err := w.DeleteMany(t.Context(), "c", keys); err != nil {
		t.Fatal(err)
	}
	if got := w.cache.Calls(); len(got) != 1 || got[0].Method != "DeleteMany" {
		t.Errorf("DeleteMany made the calls %v of the cache, want one of DeleteMany", got)
	}
}

func TestPassthroughCachePartialErrors(t *testing.T) {
	w := newWatchedCache(t, wrappers.PassthroughCacheOptions{NegativeTTL: time.Minute})
	for _, key := range []string{"a", "b", "d"} {
		putCached(t, w, key, `{"key":"`+key+`"}`, time.Hour)
	}
	wantCached(t, w, "a", `{"key":"a"}`)
	w.primaryFaults.Inject(storetest.Fault{Key: "b"})
	for range 2 { // the failure is not remembered as a miss
		entries, err := w.GetMany(t.Context(), "", []string{"a"})
		if err != nil || entries[0].Found() {
			t.Errorf("GetMany of another collection = %v, %v", entries, err)
		}
		entries, err = w.GetMany(t.Context(), "c", []string{"a", "b", "d"})
		if failed := core.FailedKeys(err); len(entries) != 3 || !errors.Is(err, storetest.ErrInjected) || len(failed) != 1 || failed[0] != "b" {
			t.Fatalf("GetMany = %d entries, %v; want b to fail alone", len(entries), err)
		}
		if !entries[0].Found() || entries[1].Found() || !entries[2].Found() {
			t.Errorf("GetMany = %v, want a and d", entries)
		}
	}
	w.primaryFaults.Clear()
	wantCached(t, w, "b", `{"key":"b"}`)
	w.primaryFaults.Inject(storetest.Fault{Method: "GetMany", Short: 1})
	if entries, err := w.GetMany(t.Context(), "c", []string{"x", "y"}); entries != nil || err == nil {
		t.Errorf("GetMany of a primary that answers too little = %v, %v; want an error", entries, err)
	}
}

func TestPassthroughCacheDestroysCopies(t *testing.T) {
	for _, able := range []bool{true, false} {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
		if !able {
			w.cacheFaults.Disable(core.CanDestroy | core.CanDestroyCollection)
		}
		fill := func() {
			putCached(t, w, "k", `{"n":1}`, core.NoTTL)
			wantCached(t, w, "k", `{"n":1}`)
		}
		fill()
		if yes, err := w.DestroyCollection(t.Context(), "c"); !yes || err != nil {
			t.Errorf("DestroyCollection = %t, %v", yes, err)
		}
		wantCached(t, w, "k", "")
		fill()
		w.primary.Reset()
		wantCached(t, w, "k", `{"n":1}`)
		if n := len(w.primary.Calls()); n != 0 {
			t.Error("what was read after DestroyCollection is not cached")
		}
		if err := w.Destroy(t.Context()); err != nil {
			t.Error(err)
		}
		wantCached(t, w, "k", "")
		w.primaryFaults.Disable(core.CanDestroy)
		fill()
		w.primary.Reset()
		if err := w.Destroy(t.Context()); err != errors.ErrUnsupported {
			t.Errorf("Destroy of a primary that cannot = %v", err)
		}
		wantCached(t, w, "k", `{"n":1}`)
		if n := len(w.primary.Calls("Get")); n != 0 {
			t.Error("a Destroy that did nothing emptied the cache")
		}
	}
}

func TestPassthroughCacheWithLimitsOfTheCache(t *testing.T) {
	cache, err := memory.New(&memory.Options{MaxBytes: 300})
	if err != nil {
		t.Fatal(err)
	}
	store := newCached(t, newMemory(t), wrappers.PassthroughCacheOptions{Cache: cache})
	large := `{"text":"` + strings.Repeat("x", 400) + `"}`
	for range 2 {
		putCached(t, store, "large", large, core.NoTTL)
		wantCached(t, store, "large", large)
		wantCached(t, store, "large", large)
	}
	putCached(t, store, "k", `{"n":1}`, core.NoTTL)
	putCached(t, store, "large", `{}`, core.NoTTL)
	wantCached(t, store, "large", `{}`)
}
