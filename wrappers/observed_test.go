package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// failingLister lists one name and then panics.
type failingLister struct{ *noop }

func (failingLister) Keys(context.Context, string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if yield("a", nil) {
			panic("list")
		}
	}
}

// recovered calls what may panic.
func recovered(call func()) (panicked any) {
	defer func() { panicked = recover() }()
	call()
	return nil
}

// TestObservedPanics has the store and the body of a loop panic: the first is
// a failure of the call, the second is not.
func TestObservedPanics(t *testing.T) {
	ctx := t.Context()
	store := newStatistics(t, boom{newNoop(nil)}, nil)
	if got := recovered(func() { store.Get(ctx, "c", "a") }); got != "boom" {
		t.Errorf("the call panicked with %v", got)
	}
	if got := store.Snapshot().Total()["get"]; got.Calls != 1 || got.Errors != 1 {
		t.Errorf("a panic was counted as %+v", got)
	}

	store = newStatistics(t, failingLister{newNoop(nil)}, nil)
	checkErrors := func(what string, panics any, errs uint64, body func()) {
		t.Helper()
		before := store.Snapshot().Total()["keys"]
		got := recovered(func() {
			for range store.Keys(ctx, "c") {
				body()
			}
		})
		if got != panics {
			t.Errorf("%s: panicked with %v, want %v", what, got, panics)
		}
		after := store.Snapshot().Total()["keys"]
		if after.Calls != before.Calls+1 || after.Errors != before.Errors+errs || after.Entries != before.Entries+1 {
			t.Errorf("%s: counted as %+v after %+v", what, after, before)
		}
	}
	checkErrors("the store", "list", 1, func() {})
	checkErrors("the body", "body", 0, func() { panic("body") })
}

// TestObservedListing times listings: the body's time is not the store's, and
// each range is a call.
func TestObservedListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		inner := storetest.NewFaulty(newMemory(t))
		store := newStatistics(t, inner, &wrappers.StatisticsOptions{SampleEvery: 1})
		for _, key := range []string{"a", "b", "c"} {
			if err := inner.Put(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		inner.Inject(storetest.Fault{Method: "Keys", Delay: time.Second})
		keys := store.Keys(ctx, "c")
		if got := store.Snapshot().Total()["keys"]; got.Calls != 0 {
			t.Errorf("%d calls before the first range", got.Calls)
		}
		for range keys {
			time.Sleep(time.Hour)
			store.Get(ctx, "c", "a") // nothing is held
		}
		for range keys {
			time.Sleep(time.Hour)
			break
		}
		got := store.Snapshot().Total()["keys"]
		if got.Calls != 2 || got.Entries != 4 || got.Errors != 0 || got.Latency.Sum != 2*time.Second {
			t.Errorf("two listings were counted as %+v", got)
		}
	})
}

func TestObservedUnsupported(t *testing.T) {
	ctx := t.Context()
	inner := storetest.NewFaulty(newMemory(t))
	inner.Disable(core.CanAll)
	store := newStatistics(t, inner, nil)
	if err := store.Ping(ctx); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Ping = %v", err)
	}
	for _, err := range store.Keys(ctx, "c") {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("Keys: %v", err)
		}
	}
	total := store.Snapshot().Total()
	if total["ping"].Errors != 1 || total["keys"].Errors != 1 {
		t.Errorf("counted as %+v", total)
	}
}

// TestObservedAllocatesNothing holds both observers to it where they write
// nothing.
func TestObservedAllocatesNothing(t *testing.T) {
	inner := newNoop(json.RawMessage(`{}`))
	statistics := newStatistics(t, inner, &wrappers.StatisticsOptions{SampleEvery: 1})
	logging, _ := newLogging(t, inner, wrappers.LoggingOptions{}, disabled)
	ctx, value, keys := t.Context(), json.RawMessage(`{}`), []string{"a", "b"}
	items, dst := []core.Item{{Key: "a", Value: value}}, make([]byte, 0, 64)
	for name, store := range map[string]core.Full{"statistics": statistics, "logging": logging} {
		if got := testing.AllocsPerRun(100, func() {
			store.Get(ctx, "c", "a")
			store.GetAppend(ctx, "c", "a", dst)
			store.GetMany(ctx, "c", keys)
			store.Put(ctx, "c", "a", value, core.NoTTL)
			store.PutMany(ctx, "c", items)
			store.Insert(ctx, "c", "a", value, core.NoTTL)
			store.Delete(ctx, "c", "a")
			store.DeleteMany(ctx, "c", keys)
			store.Ping(ctx)
		}); got != 0 {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
}
