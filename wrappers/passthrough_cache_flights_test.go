package wrappers_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestPassthroughCacheLoadsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
		putCached(t, w, "k", `{"n":1}`, time.Hour)
		w.primaryFaults.Inject(storetest.Fault{Method: "Get", Delay: time.Second})
		w.cacheFaults.Inject(storetest.Fault{Method: "GetMany", Delay: 2 * time.Second}) // comes when the copy is there
		w.primary.Reset()
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() { wantCached(t, w, "k", `{"n":1}`).Value[1] = 'X' })
			group.Go(func() {
				time.Sleep(500 * time.Millisecond)
				entries, err := w.GetMany(t.Context(), "c", []string{"k", "k"})
				if err != nil || string(entries[0].Value) != `{"n":1}` || string(entries[1].Value) != `{"n":1}` {
					t.Errorf("GetMany = %v, %v", entries, err)
					return
				}
				entries[0].Value[1] = 'X'
			})
			group.Go(func() { wantCached(t, w, "absent", "") })
		}
		group.Wait()
		if n := len(w.primary.Calls("Get")); n != 2 {
			t.Errorf("50 callers at once made %d loads, want one for each of 2 keys", n)
		}
	})
}

// TestPassthroughCacheLateMiss has a caller who found no copy, and hears so
// only when the load of another has made one.
func TestPassthroughCacheLateMiss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
		putCached(t, w, "k", `{"n":1}`, time.Hour)
		w.primary.Reset()
		w.cacheFaults.Inject(storetest.Fault{Method: "Get", Err: core.ErrNotFound, Delay: time.Minute, Times: 1})
		var group sync.WaitGroup
		group.Go(func() { wantCached(t, w, "k", `{"n":1}`) })
		synctest.Wait()
		wantCached(t, w, "k", `{"n":1}`)
		group.Wait()
		if n := len(w.primary.Calls()); n != 1 {
			t.Errorf("the primary was asked %d times, want once", n)
		}
	})
}

func TestPassthroughCacheJoinsAcrossBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
		for _, key := range []string{"a", "b", "c"} {
			putCached(t, w, key, `{"key":"`+key+`"}`, time.Hour)
		}
		w.primary.Reset()
		w.primaryFaults.Inject(
			storetest.Fault{Method: "GetMany", Delay: time.Second, Times: 1},
			storetest.Fault{Method: "GetMany", Key: "b"},
		)
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := w.GetMany(t.Context(), "c", []string{"a", "b"}); !errors.Is(err, storetest.ErrInjected) {
				t.Errorf("GetMany = %v", err)
			}
		})
		group.Go(func() {
			time.Sleep(100 * time.Millisecond)
			entries, err := w.GetMany(t.Context(), "c", []string{"b", "c", "a"})
			if failed := core.FailedKeys(err); len(failed) != 1 || failed[0] != "b" || !entries[1].Found() || !entries[2].Found() {
				t.Errorf("GetMany that joins another = %v, %v", entries, err)
			}
		})
		group.Go(func() {
			time.Sleep(100 * time.Millisecond)
			_, err := w.Get(t.Context(), "c", "b")
			var e *core.Error
			if !errors.As(err, &e) || e.Op != "get" || e.Key != "b" || !errors.Is(err, storetest.ErrInjected) {
				t.Errorf("Get that joins a GetMany which fails = %v, want an error of Get", err)
			}
		})
		group.Wait()
		calls := w.primary.Calls()
		if len(calls) != 2 || len(calls[1].Keys) != 1 || calls[1].Keys[0] != "c" {
			t.Errorf("three callers made the calls %v of the primary, want c alone to be loaded again", calls)
		}
	})
}

func TestPassthroughCacheCanceledCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{})
		putCached(t, w, "k", `{"n":1}`, time.Hour)
		w.primary.Reset()
		w.primaryFaults.Inject(storetest.Fault{Method: "Get", Delay: time.Minute})
		hurried := func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := w.Get(ctx, "c", "k"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Get of a caller who does not wait = %v", err)
			}
		}
		var group sync.WaitGroup
		group.Go(hurried) // the first, whose context the load must not end with
		group.Go(func() {
			time.Sleep(time.Millisecond)
			wantCached(t, w, "k", `{"n":1}`)
		})
		group.Wait()
		if n := len(w.primary.Calls()); n != 1 {
			t.Errorf("the primary was asked %d times, want once", n)
		}
		if _, err := w.cache.Delete(t.Context(), "c", "k"); err != nil {
			t.Error(err)
		}
		start := time.Now()
		hurried()
		synctest.Wait()
		w.primaryFaults.Clear()
		wantCached(t, w, "k", `{"n":1}`) // the load that all have left is not joined
		if took := time.Since(start); took != time.Second {
			t.Errorf("a read after a load that was given up took %v, want none", took-time.Second)
		}
	})
}

type boom struct{ core.Full }

func (boom) Get(context.Context, string, string) (core.Entry, error) { panic("boom") }

func TestPassthroughCachePanics(t *testing.T) {
	inner := storetest.NewRecorder(newMemory(t))
	store := newCached(t, boom{inner}, wrappers.PassthroughCacheOptions{})
	for range 2 {
		func() {
			defer func() {
				if got := recover(); got != "boom" {
					t.Errorf("a panic of the primary became %v for the caller", got)
				}
			}()
			_, _ = store.Get(t.Context(), "c", "k")
		}()
	}
}

func TestPassthroughCacheCloseEndsRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, StaleWhileRevalidate: time.Minute})
		putCached(t, w, "k", `{"n":1}`, time.Hour)
		wantCached(t, w, "k", `{"n":1}`)
		time.Sleep(61 * time.Second)
		w.primaryFaults.Inject(storetest.Fault{Method: "Get", Delay: time.Hour})
		wantCached(t, w, "k", `{"n":1}`)
		synctest.Wait()
		answer := make(chan error)
		go func() {
			_, err := w.Get(t.Context(), "c", "another")
			answer <- err
		}()
		synctest.Wait()
		w.cache.Reset()
		start := time.Now()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := <-answer; !errors.Is(err, core.ErrClosed) {
			t.Errorf("Get during Close = %v, want ErrClosed", err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("Close took %v, want the refresh to be canceled", took)
		}
		time.Sleep(2 * time.Hour)
		if calls := w.cache.Calls("Put", "PutMany", "Delete", "DeleteMany"); len(calls) != 0 {
			t.Errorf("the cache was written after Close: %v", calls)
		}
	})
}

func TestPassthroughCacheCloseDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedCache(t, wrappers.PassthroughCacheOptions{MaxTTL: time.Minute, StaleWhileRevalidate: time.Minute})
		putCached(t, w, "k", `{"n":1}`, time.Hour)
		wantCached(t, w, "k", `{"n":1}`)
		time.Sleep(61 * time.Second)
		hold := make(chan struct{})
		w.primaryFaults.Inject(storetest.Fault{Method: "Get", Hold: hold, IgnoreContext: true})
		wantCached(t, w, "k", `{"n":1}`)
		start := time.Now()
		w.Close()
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("Close waited %v for a primary that hangs, want 5 seconds", took)
		}
		close(hold)
	})
}
