package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

var _ expvar.Var = (*wrappers.Statistics)(nil)

func newStatistics(t testing.TB, inner core.Store, options *wrappers.StatisticsOptions) *wrappers.Statistics {
	t.Helper()
	store, err := wrappers.NewStatistics(inner, options)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestStatistics(t *testing.T) {
	prove(t, wrapping(wrappers.NewStatistics, nil), &storetest.WrapperOptions{Transparent: true}, nil)
}

func TestStatisticsOptions(t *testing.T) {
	if _, err := wrappers.NewStatistics(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store inside: %v", err)
	}
	if _, err := wrappers.NewStatistics(newMemory(t), &wrappers.StatisticsOptions{MaxCollections: -1}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("a negative MaxCollections: %v", err)
	}
}

// TestStatisticsVector makes the calls that testdata/statistics.json
// describes. What the Python library counts as get and ttl is one operation
// here, and of bulk calls it counts the entries.
func TestStatisticsVector(t *testing.T) {
	text, err := os.ReadFile("testdata/statistics.json")
	if err != nil {
		t.Fatal(err)
	}
	type counts struct{ Count, Hit, Miss uint64 }
	var file struct {
		Cases []struct {
			Statistics struct {
				Collections map[string]struct{ Get, TTL, Put, Delete counts }
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}

	ctx, value := t.Context(), json.RawMessage(`{}`)
	store := newStatistics(t, newMemory(t), nil)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil && !errors.Is(err, core.ErrNotFound) {
			t.Fatal(err)
		}
	}
	must(nil, store.Put(ctx, "", "a", value, core.NoTTL))
	must(nil, store.PutMany(ctx, "c", []core.Item{{Key: "b", Value: value}, {Key: "c", Value: value}}))
	for range 2 { // get and get_many, ttl and ttl_many
		must(store.Get(ctx, "", "a"))
		must(store.Get(ctx, "", "missing"))
		must(store.GetMany(ctx, "c", []string{"b", "missing"}))
	}
	must(store.Delete(ctx, "", "a"))
	must(store.Delete(ctx, "", "a"))
	must(store.DeleteMany(ctx, "c", []string{"b", "missing"}))

	sum := func(all ...wrappers.OperationStatistics) (c counts) {
		for _, s := range all {
			c.Count, c.Hit, c.Miss = c.Count+s.Entries, c.Hit+s.Hits, c.Miss+s.Misses
		}
		return c
	}
	got := store.Snapshot().Collections
	want := file.Cases[0].Statistics.Collections
	if len(got) != len(want) {
		t.Errorf("%d collections, want %d", len(got), len(want))
	}
	for name, w := range want {
		reads := counts{w.Get.Count + w.TTL.Count, w.Get.Hit + w.TTL.Hit, w.Get.Miss + w.TTL.Miss}
		g := got[name]
		if got := sum(g["get"], g["get many"]); got != reads {
			t.Errorf("%s: reads %+v, want %+v", name, got, reads)
		}
		if got := sum(g["put"], g["put many"]); got != w.Put {
			t.Errorf("%s: writes %+v, want %+v", name, got, w.Put)
		}
		if got := sum(g["delete"], g["delete many"]); got != w.Delete {
			t.Errorf("%s: deletions %+v, want %+v", name, got, w.Delete)
		}
	}
}

// TestStatisticsCounts makes each call once on a store that has the keys "a"
// and "b" and once on one that fails, and compares all numbers.
func TestStatisticsCounts(t *testing.T) {
	ctx, value := t.Context(), json.RawMessage(`{}`)
	inner := storetest.NewFaulty(newMemory(t))
	store := newStatistics(t, inner, &wrappers.StatisticsOptions{SampleEvery: -1})
	keys := []string{"a", "missing", "b", "a"}
	items := []core.Item{{Key: "a", Value: value}, {Key: "b", Value: value}}
	all := func() {
		store.PutMany(ctx, "c", items)
		store.Put(ctx, "c", "a", value, core.NoTTL)
		store.Get(ctx, "c", "a")
		store.GetAppend(ctx, "c", "missing", nil)
		store.GetMany(ctx, "c", keys)
		store.Insert(ctx, "c", "a", value, core.NoTTL)
		store.Insert(ctx, "c", "new", value, core.NoTTL)
		for range store.Keys(ctx, "c") {
		}
		for range store.Collections(ctx) {
		}
		store.Delete(ctx, "c", "new")
		store.Delete(ctx, "c", "new")
		store.DeleteMany(ctx, "c", keys)
		store.DestroyCollection(ctx, "c")
		store.Destroy(ctx)
		store.Cull(ctx)
		store.Setup(ctx, "c")
		store.Ping(ctx)
	}
	all()
	checkStatistics(t, store, map[string]wrappers.OperationStatistics{
		"put many":           {Calls: 1, Entries: 2},
		"put":                {Calls: 1, Entries: 1},
		"get":                {Calls: 2, Entries: 2, Hits: 1, Misses: 1},
		"get many":           {Calls: 1, Entries: 4, Hits: 3, Misses: 1},
		"insert":             {Calls: 2, Entries: 2, Hits: 1, Misses: 1},
		"keys":               {Calls: 1, Entries: 3},
		"collections":        {Calls: 1, Entries: 1},
		"delete":             {Calls: 2, Entries: 2, Hits: 1, Misses: 1},
		"delete many":        {Calls: 1, Entries: 4, Hits: 2, Misses: 2},
		"destroy collection": {Calls: 1, Misses: 1},
		"destroy":            {Calls: 1},
		"cull":               {Calls: 1},
		"setup":              {Calls: 1},
		"ping":               {Calls: 1},
	})

	inner.Inject(storetest.Fault{})
	store = newStatistics(t, inner, &wrappers.StatisticsOptions{SampleEvery: -1})
	all()
	checkStatistics(t, store, map[string]wrappers.OperationStatistics{
		"put many":           {Calls: 1, Errors: 1, Entries: 2},
		"put":                {Calls: 1, Errors: 1, Entries: 1},
		"get":                {Calls: 2, Errors: 2, Entries: 2},
		"get many":           {Calls: 1, Errors: 1, Entries: 4},
		"insert":             {Calls: 2, Errors: 2, Entries: 2},
		"keys":               {Calls: 1, Errors: 1},
		"collections":        {Calls: 1, Errors: 1},
		"delete":             {Calls: 2, Errors: 2, Entries: 2},
		"delete many":        {Calls: 1, Errors: 1, Entries: 4},
		"destroy collection": {Calls: 1, Errors: 1},
		"destroy":            {Calls: 1, Errors: 1},
		"cull":               {Calls: 1, Errors: 1},
		"setup":              {Calls: 1, Errors: 1},
		"ping":               {Calls: 1, Errors: 1},
	})
}

// TestStatisticsPartly has one key of a batch fail: it is neither hit nor miss.
func TestStatisticsPartly(t *testing.T) {
	ctx, value := t.Context(), json.RawMessage(`{}`)
	inner := storetest.NewFaulty(newMemory(t))
	store := newStatistics(t, inner, &wrappers.StatisticsOptions{SampleEvery: -1})
	for _, key := range []string{"a", "bad"} {
		if err := inner.Put(ctx, "c", key, value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	inner.Inject(storetest.Fault{Key: "bad"})
	keys := []string{"a", "missing", "bad", "bad"}
	if _, err := store.GetMany(ctx, "c", keys); err == nil {
		t.Fatal("no error")
	}
	if _, err := store.DeleteMany(ctx, "c", keys); err == nil {
		t.Fatal("no error")
	}
	checkStatistics(t, store, map[string]wrappers.OperationStatistics{
		"get many":    {Calls: 1, Errors: 1, Entries: 4, Hits: 1, Misses: 1},
		"delete many": {Calls: 1, Errors: 1, Entries: 4, Hits: 1},
	})
}

func checkStatistics(t *testing.T, store *wrappers.Statistics, want map[string]wrappers.OperationStatistics) {
	t.Helper()
	got := store.Snapshot().Total()
	if len(got) != len(want) {
		t.Errorf("%d operations, want %d", len(got), len(want))
	}
	for op, want := range want {
		if got := got[op]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", op, got, want)
		}
	}
}

func TestStatisticsHostileNames(t *testing.T) {
	const calls, most = 1_000_000, 100
	store := newStatistics(t, newNoop(json.RawMessage(`{}`)), &wrappers.StatisticsOptions{MaxCollections: most})
	ctx := t.Context()
	for _, name := range []string{strings.Repeat("x", 1<<20), "\xff"} {
		store.Get(ctx, name, "a")
	}
	if got := len(store.Snapshot().Collections); got != 0 {
		t.Errorf("%d collections with names that are not to be kept", got)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	padding := strings.Repeat("hostile ", 20)
	for i := range calls {
		store.Get(ctx, padding+strconv.Itoa(i), "a")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > most*8<<10 {
		t.Errorf("a million names took %d bytes", grown)
	}
	snapshot := store.Snapshot()
	if got := len(snapshot.Collections); got != most {
		t.Errorf("%d collections, want %d", got, most)
	}
	if got, want := snapshot.Other["get"].Calls, uint64(calls-most+2); got != want {
		t.Errorf("%d other calls, want %d", got, want)
	}
}

// TestStatisticsConcurrent counts on many goroutines while others look.
func TestStatisticsConcurrent(t *testing.T) {
	const callers, calls, collections = 8, 2000, 20
	store := newStatistics(t, newMemory(t), &wrappers.StatisticsOptions{MaxCollections: collections / 2, SampleEvery: 2})
	ctx := t.Context()
	var counting, looking sync.WaitGroup
	done := make(chan struct{})
	looking.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			for op, s := range store.Snapshot().Total() {
				if s.Hits+s.Misses+s.Errors > s.Calls {
					t.Errorf("%s: more hits, misses and errors than calls: %+v", op, s)
				}
			}
		}
	})
	for range callers {
		counting.Go(func() {
			for i := range calls {
				store.Get(ctx, fmt.Sprint("collection ", i%collections), "a")
			}
		})
	}
	counting.Wait()
	close(done)
	looking.Wait()
	snapshot := store.Snapshot()
	if got := snapshot.Total()["get"]; got.Calls != callers*calls || got.Misses != callers*calls {
		t.Errorf("%+v, want %d calls", got, callers*calls)
	}
	if got := len(snapshot.Collections); got != collections/2 {
		t.Errorf("%d collections, want %d", got, collections/2)
	}
}

func TestStatisticsSampling(t *testing.T) {
	const calls = 16_000
	for every, want := range map[int][2]uint64{-1: {0, 0}, 1: {calls, calls}, 0: {600, 1400}} {
		store := newStatistics(t, newNoop(json.RawMessage(`{}`)), &wrappers.StatisticsOptions{SampleEvery: every})
		for range calls {
			store.Get(t.Context(), "c", "a")
		}
		if got := store.Snapshot().Collections["c"]["get"].Latency.Samples; got < want[0] || got > want[1] {
			t.Errorf("SampleEvery %d: %d of %d calls were timed, want %d to %d", every, got, calls, want[0], want[1])
		}
	}
}

func TestStatisticsText(t *testing.T) {
	store := newStatistics(t, newMemory(t), &wrappers.StatisticsOptions{SampleEvery: 1, MaxCollections: 1})
	ctx := context.Background()
	store.Get(ctx, "a\"\\\nb", "k")
	store.Get(ctx, "another", "k")
	store.Ping(ctx)

	var snapshot wrappers.StatisticsSnapshot
	if err := json.Unmarshal([]byte(store.String()), &snapshot); err != nil {
		t.Fatal(err)
	}
	if !snapshot.Since.Equal(store.Snapshot().Since) || !reflect.DeepEqual(snapshot.Total(), store.Snapshot().Total()) {
		t.Errorf("read back from JSON: %+v", snapshot)
	}

	var text strings.Builder
	if err := snapshot.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# TYPE keyvalue_calls_total counter\n",
		"keyvalue_calls_total{collection=\"\",operation=\"ping\"} 1\n",
		"keyvalue_misses_total{collection=\"\",operation=\"get\"} 1\n",
		"keyvalue_misses_total{collection=\"a\\\"\\\\\\nb\",operation=\"get\"} 1\n",
		"# TYPE keyvalue_latency_seconds histogram\n",
		"keyvalue_latency_seconds_bucket{collection=\"\",operation=\"ping\",le=\"17.179869184\"} 1\n",
		"keyvalue_latency_seconds_bucket{collection=\"\",operation=\"ping\",le=\"+Inf\"} 1\n",
		"keyvalue_latency_seconds_count{collection=\"\",operation=\"ping\"} 1\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
	reader, writer := io.Pipe()
	reader.CloseWithError(io.ErrUnexpectedEOF)
	if err := snapshot.WriteText(writer); err != io.ErrUnexpectedEOF {
		t.Errorf("a writer that fails: %v", err)
	}
}
