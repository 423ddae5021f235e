package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// The default store alone, as the suite has collections that no map names: see
// TestRouting for a store behind a route.
func TestCollectionRouting(t *testing.T) {
	wrap := func(t testing.TB, first, second core.Store) core.Store {
		options := &wrappers.CollectionRoutingOptions{Stores: map[string]core.Store{"never used by the suite": second}}
		return wrapping(wrappers.NewCollectionRouting, options)(t, first)
	}
	prove(t, func(t testing.TB, inner core.Store) core.Store { return wrap(t, inner, spare(t)) },
		&storetest.WrapperOptions{
			Both: func(t *testing.T, first, second core.Store) core.Store { return wrap(t, first, second) },
		}, nil)
}

func TestRoutingOptions(t *testing.T) {
	inner := newNoop(nil)
	route := func(string) string { return "" }
	for name, err := range map[string]error{
		"no route":        errorOf(wrappers.NewRouting(inner, nil)),
		"no default":      errorOf(wrappers.NewRouting(nil, &wrappers.RoutingOptions{Route: route})),
		"a nil store":     errorOf(wrappers.NewRouting(inner, &wrappers.RoutingOptions{Route: route, Stores: map[string]core.Store{"a": nil}})),
		"no default here": errorOf(wrappers.NewCollectionRouting(nil, nil)),
		"default twice": errorOf(wrappers.NewCollectionRouting(inner, &wrappers.CollectionRoutingOptions{
			Stores: map[string]core.Store{"": inner, core.DefaultCollection: inner},
		})),
		"no secondary": errorOf(wrappers.NewFallback(inner, nil)),
		"no primary":   errorOf(wrappers.NewFallback(nil, &wrappers.FallbackOptions{Secondary: inner})),
	} {
		if !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// incomparable is a store that must not be compared.
type incomparable struct {
	*noop
	_ []int
}

func TestRoutes(t *testing.T) {
	first, second := storetest.NewRecorder(newMemory(t)), storetest.NewRecorder(newMemory(t))
	stores := map[string]core.Store{"b": second, "again": second}
	store, err := wrappers.NewRouting(first, &wrappers.RoutingOptions{
		Stores: stores,
		Route: func(collection string) string {
			switch collection {
			case "nowhere":
				return "missing"
			case core.DefaultCollection:
				return "b"
			case "b", "again":
				return collection
			}
			return ""
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(stores, "b") // the map was copied
	for _, collection := range []string{"a", "b", "", "again"} {
		if err := store.Put(t.Context(), collection, "k", json.RawMessage(`{}`), 0); err != nil {
			t.Fatal(err)
		}
	}
	if n, m := len(first.Calls()), len(second.Calls()); n != 1 || m != 3 {
		t.Errorf("%d and %d puts, want 1 and 3", n, m)
	}
	err = store.Put(t.Context(), "nowhere", "k", json.RawMessage(`{}`), 0)
	if e, ok := err.(*core.Error); !ok || !errors.Is(err, wrappers.ErrNoRoute) || e.Collection != "nowhere" || e.Key != "k" {
		t.Errorf("nowhere: %v", err)
	}
	if err := core.Setup(t.Context(), store, "a", "nowhere"); !errors.Is(err, wrappers.ErrNoRoute) {
		t.Errorf("setup: %v", err)
	}
	// What lies where no route leads is not listed.
	if err := first.Put(t.Context(), "b", "k", json.RawMessage(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	var listed []string
	for collection, err := range core.Collections(t.Context(), store) {
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, collection)
	}
	if slices.Sort(listed); !slices.Equal(listed, []string{"a", "again", "b", core.DefaultCollection}) {
		t.Errorf("listed %q", listed)
	}
	second.Reset()
	if err := core.Destroy(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if n := len(second.Calls()); n != 1 {
		t.Errorf("a store of two names was destroyed %d times", n)
	}
	if _, err := first.Get(t.Context(), "b", "k"); err != core.ErrNotFound {
		t.Errorf("after Destroy: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "a", "k"); !errors.Is(err, core.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	options := &wrappers.RoutingOptions{
		Route:  func(string) string { return "" },
		Stores: map[string]core.Store{"a": incomparable{noop: newNoop(nil)}},
	}
	if _, err := wrappers.NewRouting(incomparable{noop: newNoop(nil)}, options); err != nil {
		t.Errorf("stores that cannot be compared: %v", err)
	}
}

// pairOf returns a Fallback with its stores, the primary of which can fail.
func pairOf(t *testing.T, writeThrough bool) (store core.Store, primary *storetest.Faulty, second *storetest.Recorder) {
	t.Helper()
	primary, second = storetest.NewFaulty(newMemory(t)), storetest.NewRecorder(newMemory(t))
	options := &wrappers.FallbackOptions{Secondary: second, WriteThrough: writeThrough}
	return wrapping(wrappers.NewFallback, options)(t, primary), primary, second
}

func TestFallbackReads(t *testing.T) {
	store, primary, second := pairOf(t, false)
	for _, key := range []string{"a", "b"} {
		if err := second.Put(t.Context(), "c", key, json.RawMessage(`{"second":1}`), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Put(t.Context(), "c", "a", json.RawMessage(`{"first":1}`), 0); err != nil {
		t.Fatal(err)
	}
	second.Reset()
	if _, err := store.Get(t.Context(), "c", "b"); err != core.ErrNotFound {
		t.Errorf("a miss fell back: %v", err)
	}
	if _, err := store.Get(t.Context(), "c", ""); !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("an empty key: %v", err)
	}
	if n := len(second.Calls()); n > 0 {
		t.Errorf("%d calls on the second store", n)
	}

	primary.Inject(storetest.Fault{Method: "Get", Err: io.EOF})
	primary.Inject(storetest.Fault{Method: "GetAppend", Err: io.EOF})
	if entry, err := store.Get(t.Context(), "c", "a"); err != nil || string(entry.Value) != `{"second":1}` {
		t.Errorf("got %s, %v", entry.Value, err)
	}
	if entry, err := core.GetAppend(t.Context(), store, "c", "a", []byte("head")); err != nil || string(entry.Value) != `head{"second":1}` {
		t.Errorf("got %s, %v", entry.Value, err)
	}
	if _, err := store.Get(t.Context(), "c", "absent"); err != core.ErrNotFound {
		t.Errorf("a miss of the second: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	second.Reset()
	if _, err := store.Get(cancelled, "c", "a"); err == nil || len(second.Calls()) > 0 {
		t.Errorf("cancelled: %v, %d calls on the second store", err, len(second.Calls()))
	}
}

func TestFallbackBulk(t *testing.T) {
	store, primary, second := pairOf(t, true)
	keys := []string{"a", "b", "c", "b"}
	items := []core.Item{{Key: "a", Value: json.RawMessage(`{"n":1}`)}, {Key: "b", Value: json.RawMessage(`{"n":2}`)}}
	primary.Inject(storetest.Fault{Key: "b", Err: io.EOF})
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	entries, err := store.GetMany(t.Context(), "c", keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`{"n":1}`, `{"n":2}`, ``, `{"n":2}`} {
		if got := string(entries[i].Value); got != want {
			t.Errorf("entry %d is %s, want %s", i, got, want)
		}
	}
	for _, call := range second.Calls() {
		if !slices.Equal(call.Keys, []string{"b"}) {
			t.Errorf("%s of %q on the second store", call.Method, call.Keys)
		}
	}
	if deleted, err := store.DeleteMany(t.Context(), "c", []string{"a", "b"}); deleted != 2 || err != nil {
		t.Errorf("deleted %d, %v", deleted, err)
	}
	if _, err := second.Get(t.Context(), "c", "b"); err != core.ErrNotFound {
		t.Errorf("the second store still has it: %v", err)
	}
}

func TestFallbackWrites(t *testing.T) {
	for _, through := range []bool{false, true} {
		store, primary, second := pairOf(t, through)
		primary.Inject(storetest.Fault{Err: io.EOF})
		err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), time.Hour)
		if through != (err == nil) || !through && !errors.Is(err, io.EOF) {
			t.Errorf("through %t: put: %v", through, err)
		}
		if _, err := store.Delete(t.Context(), "c", "k"); through != (err == nil) {
			t.Errorf("through %t: delete: %v", through, err)
		}
		if inserted, err := core.Insert(t.Context(), store, "c", "k", json.RawMessage(`{}`), 0); inserted || !errors.Is(err, io.EOF) {
			t.Errorf("through %t: insert: %t, %v", through, inserted, err)
		}
		if n := len(second.Calls()); through != (n == 2) {
			t.Errorf("through %t: %d calls on the second store", through, n)
		}
	}
}

func TestFallbackOfTwoFailures(t *testing.T) {
	primary, second := storetest.NewFaulty(newMemory(t)), storetest.NewFaulty(newMemory(t))
	primary.Inject(storetest.Fault{Err: io.EOF})
	second.Inject(storetest.Fault{Err: io.ErrClosedPipe})
	store := wrapping(wrappers.NewFallback, &wrappers.FallbackOptions{Secondary: second})(t, primary)
	for name, err := range map[string]error{
		"get":      errorOf(store.Get(t.Context(), "c", "k")),
		"get many": errorOf(store.GetMany(t.Context(), "c", []string{"k"})),
	} {
		if !errors.Is(err, io.EOF) || !errors.Is(err, io.ErrClosedPipe) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	primary.Clear()
	second.Clear()
	primary.Inject(storetest.Fault{Key: "k", Err: io.EOF})
	second.Inject(storetest.Fault{Key: "k", Err: io.ErrClosedPipe})
	entries, err := store.GetMany(t.Context(), "c", []string{"a", "k"})
	if got := core.FailedKeys(err); len(entries) != 2 || !slices.Equal(got, []string{"k"}) || !errors.Is(err, io.EOF) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %d entries, failed %q, %v", len(entries), got, err)
	}
}

func TestFallbackDestroys(t *testing.T) {
	store, primary, second := pairOf(t, true)
	primary.Inject(storetest.Fault{Method: "Put", Err: io.EOF})
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	if err := core.Destroy(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("it would come back from the second store: %v", err)
	}
}

// Of a bulk call those keys go to the second store whose errors are failures.
func TestFallbackOfMixedFailures(t *testing.T) {
	second := storetest.NewRecorder(newMemory(t))
	if err := second.Put(t.Context(), "c", "down", json.RawMessage(`{"second":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	primary := bulkReader{newMemory(t), func(keys []string) ([]core.Entry, error) {
		return make([]core.Entry, len(keys)), errors.Join(
			&core.Error{Op: "get many", Key: "down", Err: io.EOF},
			&core.Error{Op: "get many", Key: "illegal", Err: core.ErrInvalidKey})
	}}
	store := wrapping(wrappers.NewFallback, &wrappers.FallbackOptions{Secondary: second})(t, primary)
	second.Reset()
	entries, err := store.GetMany(t.Context(), "c", []string{"down", "missing", "illegal"})
	if got := core.FailedKeys(err); !slices.Equal(got, []string{"illegal"}) || !entries[0].Found() {
		t.Errorf("got %v, failed %q", entries, got)
	}
	if calls := second.Calls(); len(calls) != 1 || !slices.Equal(calls[0].Keys, []string{"down"}) {
		t.Errorf("calls on the second store: %+v", calls)
	}
}

// A primary that does not say which keys failed: those that it has not answered
// are looked for.
func TestFallbackOfAnUnnamedFailure(t *testing.T) {
	second := newMemory(t)
	if err := second.Put(t.Context(), "c", "b", json.RawMessage(`{"second":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	primary := bulkReader{newMemory(t), func(keys []string) ([]core.Entry, error) {
		entries := make([]core.Entry, len(keys))
		entries[0].Value = json.RawMessage(`{"first":1}`)
		return entries, &core.Error{Op: "get many", Err: io.EOF}
	}}
	store := wrapping(wrappers.NewFallback, &wrappers.FallbackOptions{Secondary: second})(t, primary)
	entries, err := store.GetMany(t.Context(), "c", []string{"a", "b"})
	if err != nil || string(entries[0].Value) != `{"first":1}` || string(entries[1].Value) != `{"second":1}` {
		t.Errorf("got %v, %v", entries, err)
	}
}

// holder is a comparable type with a store in it that is not.
type holder struct{ core.Store }

func TestStoresThatCannotBeCompared(t *testing.T) {
	store := holder{incomparable{noop: newNoop(nil)}}
	options := &wrappers.RoutingOptions{Route: func(string) string { return "" }, Stores: map[string]core.Store{"a": store}}
	if _, err := wrappers.NewRouting(store, options); err != nil {
		t.Error(err)
	}
	inner := newNoop(nil)
	if _, err := wrappers.NewFallback(inner, &wrappers.FallbackOptions{Secondary: inner}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("a fallback to itself: %v", err)
	}
}
