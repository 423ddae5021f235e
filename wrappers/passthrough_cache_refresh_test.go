package wrappers_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// foreign writes the primary past the PassthroughCache.
func (w watchedCache) foreign(t testing.TB, key, value string, ttl time.Duration) {
	t.Helper()
	putCached(t, w.primaryFaults.Unwrap(), key, value, ttl)
}

func TestPassthroughCacheLifetimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, MissingTTL: time.Hour})
		putCached(t, w, "short", `{"n":1}`, 10*time.Second)
		putCached(t, w, "long", `{"n":1}`, time.Hour)
		putCached(t, w, "forever", `{"n":1}`, core.NoTTL)
		for _, key := range []string{"short", "long", "forever"} {
			wantCached(t, w, key, `{"n":1}`)
			if key != "short" {
				w.foreign(t, key, `{"n":2}`, core.NoTTL)
			}
		}
		step := func(wait time.Duration, short, long, forever string) {
			t.Helper()
			time.Sleep(wait)
			wantCached(t, w, "short", short)
			wantCached(t, w, "long", long)
			wantCached(t, w, "forever", forever)
		}
		step(9*time.Second, `{"n":1}`, `{"n":1}`, `{"n":1}`)
		step(time.Second, ``, `{"n":1}`, `{"n":1}`)
		step(49*time.Second, ``, `{"n":1}`, `{"n":1}`)
		step(time.Second, ``, `{"n":2}`, `{"n":1}`)
		step(59*time.Minute-time.Second, ``, `{"n":2}`, `{"n":1}`)
		step(time.Second, ``, `{"n":2}`, `{"n":2}`)
	})
}

func TestPassthroughCacheNegative(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{NegativeTTL: time.Minute, StaleWhileRevalidate: time.Hour})
		wantCached(t, w, "k", "")
		w.foreign(t, "k", `{"n":1}`, time.Hour)
		time.Sleep(59 * time.Second)
		wantCached(t, w, "k", "")
		if entries, err := w.GetMany(t.Context(), "c", []string{"k"}); err != nil || entries[0].Found() {
			t.Errorf("GetMany of a miss that is remembered = %v, %v", entries, err)
		}
		if n := len(w.primary.Calls()); n != 1 {
			t.Errorf("the primary was asked %d times, want once", n)
		}
		time.Sleep(time.Second) // a miss is not answered when stale
		wantCached(t, w, "k", `{"n":1}`)

		wantCached(t, w, "inserted", "")
		if yes, err := w.Insert(t.Context(), "c", "inserted", []byte(`{"n":1}`), time.Hour); !yes || err != nil {
			t.Errorf("Insert = %t, %v", yes, err)
		}
		wantCached(t, w, "inserted", `{"n":1}`)
		wantCached(t, w, "put", "")
		putCached(t, w, "put", `{"n":1}`, time.Hour)
		wantCached(t, w, "put", `{"n":1}`)
	})
}

func TestPassthroughCacheJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: 1000 * time.Second, Jitter: 0.4})
		lifetimes := map[time.Duration]bool{}
		for range 100 {
			putCached(t, w, "k", `{"n":1}`, time.Hour)
			wantCached(t, w, "k", `{"n":1}`)
		}
		for _, call := range w.cache.Calls("Put") {
			ttl := call.Items[0].TTL
			if lifetimes[ttl] = true; ttl > 1000*time.Second || ttl < 600*time.Second {
				t.Errorf("a copy lives for %v, want from 600 to 1000 seconds", ttl)
			}
		}
		if len(lifetimes) < 50 {
			t.Errorf("100 copies have %d lifetimes", len(lifetimes))
		}
	})
}

func TestPassthroughCacheStaleWhileRevalidate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, StaleWhileRevalidate: time.Minute})
		for _, key := range []string{"k", "l", "gone"} {
			putCached(t, w, key, `{"n":1}`, 100*time.Second)
			wantCached(t, w, key, `{"n":1}`)
			w.foreign(t, key, `{"n":2}`, time.Hour)
		}
		if _, err := w.primaryFaults.Unwrap().Delete(t.Context(), "c", "gone"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(61 * time.Second)
		w.primary.Reset()
		w.primaryFaults.Inject(
			storetest.Fault{Method: "Get", Delay: time.Second},
			storetest.Fault{Method: "GetMany", Delay: time.Second},
		)
		start := time.Now()
		for range 5 {
			wantCached(t, w, "k", `{"n":1}`)
			entries, err := w.GetMany(t.Context(), "c", []string{"k", "l", "gone"})
			if err != nil || string(entries[0].Value) != `{"n":1}` || string(entries[1].Value) != `{"n":1}` {
				t.Errorf("GetMany of stale copies = %v, %v", entries, err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("stale reads took %v", took)
		}
		time.Sleep(2 * time.Second)
		if calls := w.primary.Calls(); len(calls) != 2 || calls[0].Method == calls[1].Method {
			t.Errorf("stale reads made the calls %v of the primary, want one Get of k and one GetMany of the others", calls)
		}
		wantCached(t, w, "k", `{"n":2}`)
		wantCached(t, w, "l", `{"n":2}`)
		wantCached(t, w, "gone", "")
	})
}

func TestPassthroughCacheStaleBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, StaleWhileRevalidate: time.Minute})
		putCached(t, w, "soon", `{"n":1}`, 90*time.Second)
		putCached(t, w, "k", `{"n":1}`, time.Hour)
		putCached(t, w, "written", `{"n":1}`, time.Hour)
		for _, key := range []string{"soon", "k", "written"} {
			wantCached(t, w, key, `{"n":1}`)
		}
		w.foreign(t, "soon", `{"n":2}`, time.Hour)
		w.foreign(t, "k", `{"n":2}`, time.Hour)
		time.Sleep(65 * time.Second)
		w.primaryFaults.Inject(storetest.Fault{Method: "Get", Times: 2}) // both refreshes fail
		wantCached(t, w, "soon", `{"n":1}`)
		wantCached(t, w, "k", `{"n":1}`)
		synctest.Wait()
		putCached(t, w, "written", `{"n":3}`, time.Hour)
		wantCached(t, w, "written", `{"n":3}`)
		time.Sleep(25 * time.Second) // the entry has ended
		wantCached(t, w, "soon", `{"n":2}`)
		time.Sleep(30 * time.Second) // the copy has
		wantCached(t, w, "k", `{"n":2}`)
	})
}

func TestPassthroughCacheRefreshIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, StaleWhileRevalidate: time.Hour})
		putCached(t, w, "k", `{"n":1}`, core.NoTTL)
		putCached(t, w, "k", `{"n":1}`, 10*time.Hour)
		wantCached(t, w, "k", `{"n":1}`)
		time.Sleep(time.Minute)
		w.primaryFaults.Inject(storetest.Fault{Method: "Get", Delay: 24 * time.Hour, Times: 1})
		w.foreign(t, "k", `{"n":2}`, time.Hour)
		wantCached(t, w, "k", `{"n":1}`)
		time.Sleep(2 * time.Minute)
		wantCached(t, w, "k", `{"n":1}`) // starts the next
		synctest.Wait()
		wantCached(t, w, "k", `{"n":2}`)
	})
}
