package winregistry_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func Benchmark(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) core.Store {
		store, _ := newStore(b)
		return store
	})
}

const benchKeys = 100

// BenchmarkBesideRaw compares the store with what a program does that calls
// package registry itself, with values of 1 KiB: once with a key that stays
// open, and once as the Python library does, which opens it each time.
func BenchmarkBesideRaw(b *testing.B) {
	store, path := newStore(b)
	ctx := b.Context()
	value := json.RawMessage(fmt.Sprintf(`{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24)))
	var items []core.Item
	var keys []string
	for i := range benchKeys {
		keys = append(keys, fmt.Sprintf("key-%06d", i))
		items = append(items, core.Item{Key: keys[i], Value: value})
	}
	must(b, store.PutMany(ctx, "bench", items))
	open, err := registry.OpenKey(registry.CURRENT_USER, path+`\bench`, registry.ALL_ACCESS)
	must(b, err)
	defer open.Close()
	text, _, err := open.GetStringValue(keys[0])
	must(b, err)
	reopened := func(call func(k registry.Key) error) error {
		k, err := registry.OpenKey(registry.CURRENT_USER, path+`\bench`, registry.ALL_ACCESS)
		if err != nil {
			return err
		}
		defer k.Close()
		return call(k)
	}
	get := func(k registry.Key, i int) error { _, _, err := k.GetStringValue(keys[i%benchKeys]); return err }
	set := func(k registry.Key, i int) error { return k.SetStringValue(keys[i%benchKeys], text) }

	b.Run("Get", func(b *testing.B) {
		byTurns(b, 200,
			contestant{"store", func(i int) error { _, err := store.Get(ctx, "bench", keys[i%benchKeys]); return err }},
			contestant{"open", func(i int) error { return get(open, i) }},
			contestant{"reopened", func(i int) error { return reopened(func(k registry.Key) error { return get(k, i) }) }})
	})
	b.Run("Put", func(b *testing.B) {
		byTurns(b, 200,
			contestant{"store", func(i int) error { return store.Put(ctx, "bench", keys[i%benchKeys], value, core.NoTTL) }},
			contestant{"open", func(i int) error { return set(open, i) }},
			contestant{"reopened", func(i int) error { return reopened(func(k registry.Key) error { return set(k, i) }) }})
	})
	b.Run("PutMany100", func(b *testing.B) {
		byTurns(b, 10,
			contestant{"store", func(int) error { return store.PutMany(ctx, "bench", items) }},
			contestant{"open", func(int) error {
				for i := range benchKeys {
					if err := set(open, i); err != nil {
						return err
					}
				}
				return nil
			}},
			contestant{"single", func(int) error {
				for _, key := range keys {
					if err := store.Put(ctx, "bench", key, value, core.NoTTL); err != nil {
						return err
					}
				}
				return nil
			}})
	})
}

// contestant is one way to do a call.
type contestant struct {
	name string
	call func(n int) error
}

// byTurns measures the contestants and reports how long the first takes for
// each of the others' time: the median of all turns.
func byTurns(b *testing.B, calls int, contestants ...contestant) {
	b.Helper()
	times := make([][]float64, len(contestants))
	for turn := 0; b.Loop(); turn++ {
		for i := range contestants {
			n := (i + turn) % len(contestants) // nobody always runs behind the same
			start := time.Now()
			for call := range calls {
				must(b, contestants[n].call(turn+call))
			}
			times[n] = append(times[n], float64(time.Since(start).Nanoseconds())/float64(calls))
		}
	}
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	for i, c := range contestants {
		b.ReportMetric(median(times[i]), c.name+"-ns")
		b.ReportMetric(testing.AllocsPerRun(20, func() { _ = c.call(0) }), c.name+"-allocs")
		if i == 0 {
			continue
		}
		ratios := make([]float64, len(times[0]))
		for turn := range ratios {
			ratios[turn] = times[0][turn] / times[i][turn]
		}
		b.ReportMetric(median(ratios), "x-of-"+c.name)
	}
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
