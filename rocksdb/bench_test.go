package rocksdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

const (
	benchEntries = 10_000
	benchBatch   = 100
)

// BenchmarkRaw compares the store with the calls of the binding that it makes,
// without anything around them: keys and values are made before, and nobody
// looks at what was read. Values have 1 KiB, and bulk calls 100 keys.
func BenchmarkRaw(b *testing.B) {
	for _, sync := range []bool{false, true} {
		store, err := New(b.TempDir(), &Options{Sync: sync})
		if errors.Is(err, ErrNoLibrary) || errors.Is(err, errors.ErrUnsupported) {
			b.Skip(err)
		}
		if err != nil {
			b.Fatal(err)
		}
		benchmarkRaw(b, store, sync)
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkRaw(b *testing.B, store *Store, sync bool) {
	ctx := context.Background()
	db := store.backend.db
	value := json.RawMessage(`{"name":"Ada","text":"` + strings.Repeat("0123456789abcdef", 62) + `"}`)
	var items []core.Item
	var keys []string
	var raw [][]byte
	for i := range benchEntries {
		keys = append(keys, fmt.Sprintf("key-%06d", i))
		raw = append(raw, []byte(names.Compound("bench", keys[i])))
		items = append(items, core.Item{Key: keys[i], Value: value})
	}
	if err := store.PutMany(ctx, "bench", items); err != nil {
		b.Fatal(err)
	}
	if err := store.Compact(ctx); err != nil {
		b.Fatal(err)
	}
	stored, _, err := db.Get(raw[0], nil)
	if err != nil {
		b.Fatal(err)
	}
	at := func(n int) int { return n * 7919 % (benchEntries - benchBatch) }
	if !sync {
		b.Run("Get", func(b *testing.B) {
			buffer := make([]byte, 0, 2*len(stored))
			inTurns(b, 500, func(n int) error {
				_, err := store.Get(ctx, "bench", keys[at(n)])
				return err
			}, func(n int) error {
				_, _, err := db.Get(raw[at(n)], buffer)
				return err
			})
		})
		b.Run("GetMany", func(b *testing.B) {
			buffer := make([]byte, 0, 2*benchBatch*len(stored))
			sizes := make([]uint64, benchBatch)
			s := borrow()
			defer s.release()
			inTurns(b, 10, func(n int) error {
				_, err := store.GetMany(ctx, "bench", keys[at(n):at(n)+benchBatch])
				return err
			}, func(n int) error {
				s.names, s.ends = s.names[:0], s.ends[:0]
				for _, key := range keys[at(n) : at(n)+benchBatch] {
					s.add("bench", key)
				}
				_, err := db.GetMany(s.names, s.ends, math.MaxUint32, buffer, sizes)
				return err
			})
		})
		b.Run("Keys", func(b *testing.B) {
			buffer := make([]byte, 0, pageBytes)
			lower, upper := bounds("bench")
			inTurns(b, 1, func(int) error {
				for _, err := range store.Keys(ctx, "bench") {
					if err != nil {
						return err
					}
				}
				return nil
			}, func(int) error {
				q := &librocksdb.Query{Lower: lower, Upper: upper, Limit: 1000}
				for {
					records, ended, err := db.Scan(q, buffer)
					if ended || err != nil {
						return err
					}
					for record := range librocksdb.Records(records) {
						q.Lower = record.Key
					}
					q.Lower = append(slices.Clone(q.Lower), 0)
				}
			})
		})
	}
	calls := 500
	if sync {
		calls = 5
	}
	b.Run(fmt.Sprint("Put/sync=", sync), func(b *testing.B) {
		inTurns(b, calls, func(n int) error {
			return store.Put(ctx, "bench", keys[at(n)], value, core.NoTTL)
		}, func(n int) error { return db.Put(raw[at(n)], stored) })
	})
	b.Run(fmt.Sprint("PutMany/sync=", sync), func(b *testing.B) {
		var batch librocksdb.Batch
		inTurns(b, 5, func(n int) error {
			return store.PutMany(ctx, "bench", items[at(n):at(n)+benchBatch])
		}, func(n int) error {
			batch.Reset()
			for _, name := range raw[at(n) : at(n)+benchBatch] {
				batch.Put(name, stored)
			}
			return db.Write(&batch)
		})
	})
}

// inTurns measures the store and the binding by turns, and reports the medians
// and how long the store takes for each of the binding's time.
func inTurns(b *testing.B, calls int, store, raw func(n int) error) {
	b.Helper()
	var stores, raws, ratios []float64
	measure := func(turn int, call func(n int) error) float64 {
		start := time.Now()
		for n := range calls {
			if err := call(turn*31 + n); err != nil {
				b.Fatal(err)
			}
		}
		return float64(time.Since(start).Nanoseconds()) / float64(calls)
	}
	for turn := 0; b.Loop(); turn++ {
		if turn%2 == 0 {
			stores = append(stores, measure(turn, store))
			raws = append(raws, measure(turn, raw))
		} else {
			raws = append(raws, measure(turn, raw))
			stores = append(stores, measure(turn, store))
		}
		ratios = append(ratios, stores[turn]/raws[turn])
	}
	median := func(values []float64) float64 {
		slices.Sort(values)
		return values[len(values)/2]
	}
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	b.ReportMetric(median(ratios), "x-of-raw")
	b.ReportMetric(median(stores), "store-ns")
	b.ReportMetric(median(raws), "raw-ns")
	b.ReportMetric(testing.AllocsPerRun(100, func() { _ = store(0) }), "store-allocs")
	b.ReportMetric(testing.AllocsPerRun(100, func() { _ = raw(0) }), "raw-allocs")
}
