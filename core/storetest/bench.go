package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Bench measures a store, one sub-benchmark for each thing. newStore is called
// for each of them; it may return stores over one database, since each works
// in a collection of its own. What the store does not offer is left out.
//
// Bulk calls, of 100 entries of 1 KiB, report as x/single how many times as
// fast as 100 single calls they were in the same run.
func Bench(b *testing.B, newStore func(b *testing.B) core.Store) {
	for i := range benchmarks {
		m := &benchmarks[i]
		b.Run(m.name, func(b *testing.B) {
			store := newStore(b)
			defer core.Close(store)
			if !core.Supports(store, m.needs) {
				b.Skipf("the store does not offer: %v", m.needs)
			}
			s := &benchmark{
				B: b, store: store, ctx: b.Context(), collection: "storetest_bench_" + unique(), value: []byte(sized(m.size)),
			}
			defer s.cleanUp()
			b.ReportAllocs()
			m.run(s)
		})
	}
}

// benchmark is a benchmark on one store, in a collection of its own.
type benchmark struct {
	*testing.B
	store      core.Store
	ctx        context.Context
	collection string
	value      []byte
	keys       atomic.Int64 // how many there are
}

const kib = 1 << 10

// benchmarks are what Bench measures, with the size of the values.
var benchmarks = []struct {
	name  string
	size  int
	needs core.Capability
	run   func(*benchmark)
}{
	{name: "Get/size=100", size: 100, run: (*benchmark).get},
	{name: "Get/size=1Ki", size: kib, run: (*benchmark).get},
	{name: "Get/size=64Ki", size: 64 * kib, run: (*benchmark).get},
	{name: "GetAppend/size=1Ki", size: kib, run: (*benchmark).getAppend},
	{name: "Get/missing", size: 100, run: (*benchmark).getMissing},
	{name: "Get/parallel", size: kib, run: (*benchmark).getParallel},
	{name: "GetMany/n=100", size: kib, run: (*benchmark).getMany},
	{name: "Put/size=100", size: 100, run: (*benchmark).put},
	{name: "Put/size=1Ki", size: kib, run: (*benchmark).put},
	{name: "Put/size=64Ki", size: 64 * kib, run: (*benchmark).put},
	{name: "Put/ttl", size: kib, run: (*benchmark).putTTL},
	{name: "Put/parallel", size: kib, run: (*benchmark).putParallel},
	{name: "PutMany/n=100", size: kib, run: (*benchmark).putMany},
	{name: "Insert", size: kib, needs: core.CanInsert, run: (*benchmark).insert},
	{name: "Insert/refused", size: kib, needs: core.CanInsert, run: (*benchmark).insertRefused},
	{name: "Delete", size: kib, run: (*benchmark).delete},
	{name: "Keys/n=1000", size: 100, needs: core.CanKeys, run: (*benchmark).listKeys},
}

// must ends the benchmark on an error.
func (b *benchmark) must(err error) {
	if err != nil {
		b.Fatal(err)
	}
}

// newKey returns a key that was not used before.
func (b *benchmark) newKey() string { return benchKey(int(b.keys.Add(1)) - 1) }

func benchKey(i int) string { return fmt.Sprintf("key-%09d", i) }

// fill puts new entries, without measuring it, and returns their keys.
func (b *benchmark) fill(n int) []string {
	b.StopTimer()
	defer b.StartTimer()
	keys := make([]string, n)
	items := make([]core.Item, n)
	for i := range n {
		keys[i] = b.newKey()
		items[i] = core.Item{Key: keys[i], Value: b.value}
	}
	b.must(b.store.PutMany(b.ctx, b.collection, items))
	return keys
}

// cleanUp removes what was put, as well as the store can.
func (b *benchmark) cleanUp() {
	b.StopTimer()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := core.DestroyCollection(ctx, b.store, b.collection); err == nil {
		return
	}
	var keys []string
	for i := range int(b.keys.Load()) {
		if keys = append(keys, benchKey(i)); len(keys) == thousand {
			_, _ = b.store.DeleteMany(ctx, b.collection, keys)
			keys = keys[:0]
		}
	}
	_, _ = b.store.DeleteMany(ctx, b.collection, keys) // best effort, as above
}

func (b *benchmark) get() {
	key := b.fill(1)[0]
	b.SetBytes(int64(len(b.value)))
	for b.Loop() {
		_, err := b.store.Get(b.ctx, b.collection, key)
		b.must(err)
	}
}

func (b *benchmark) getAppend() {
	key := b.fill(1)[0]
	b.SetBytes(int64(len(b.value)))
	var buffer []byte
	for b.Loop() {
		entry, err := core.GetAppend(b.ctx, b.store, b.collection, key, buffer[:0])
		b.must(err)
		buffer = entry.Value
	}
}

func (b *benchmark) getMissing() {
	for b.Loop() {
		if _, err := b.store.Get(b.ctx, b.collection, "missing"); !errors.Is(err, core.ErrNotFound) {
			b.Fatal(err)
		}
	}
}

func (b *benchmark) getParallel() {
	keys := b.fill(100)
	b.SetBytes(int64(len(b.value)))
	var callers atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for i := int(callers.Add(7)); p.Next(); i++ {
			if _, err := b.store.Get(b.ctx, b.collection, keys[i%len(keys)]); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func (b *benchmark) getMany() {
	keys := b.fill(100)
	for b.Loop() {
		_, err := b.store.GetMany(b.ctx, b.collection, keys)
		b.must(err)
	}
	b.beside(func() {
		for _, key := range keys {
			_, err := b.store.Get(b.ctx, b.collection, key)
			b.must(err)
		}
	})
}

func (b *benchmark) put() { b.putFor(core.NoTTL) }

func (b *benchmark) putTTL() { b.putFor(time.Hour) }

func (b *benchmark) putFor(ttl time.Duration) {
	key := b.fill(1)[0]
	b.SetBytes(int64(len(b.value)))
	for b.Loop() {
		b.must(b.store.Put(b.ctx, b.collection, key, b.value, ttl))
	}
}

func (b *benchmark) putParallel() {
	keys := b.fill(100)
	b.SetBytes(int64(len(b.value)))
	var callers atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for i := int(callers.Add(7)); p.Next(); i++ {
			if err := b.store.Put(b.ctx, b.collection, keys[i%len(keys)], b.value, core.NoTTL); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func (b *benchmark) putMany() {
	items := make([]core.Item, 100)
	for i := range items {
		items[i] = core.Item{Key: b.newKey(), Value: b.value}
	}
	for b.Loop() {
		b.must(b.store.PutMany(b.ctx, b.collection, items))
	}
	b.beside(func() {
		for _, item := range items {
			b.must(b.store.Put(b.ctx, b.collection, item.Key, item.Value, item.TTL))
		}
	})
}

// beside measures what the benchmark is compared with and reports how many
// times as long that took.
func (b *benchmark) beside(singles func()) {
	b.StopTimer()
	bulk := b.Elapsed() / time.Duration(b.N)
	rounds := min(b.N, 20)
	start := time.Now()
	for range rounds {
		singles()
	}
	b.ReportMetric(float64(time.Since(start)/time.Duration(rounds))/float64(max(bulk, 1)), "x/single")
}

func (b *benchmark) insert() {
	for b.Loop() {
		inserted, err := core.Insert(b.ctx, b.store, b.collection, b.newKey(), b.value, core.NoTTL)
		b.must(err)
		if !inserted {
			b.Fatal("a new key was refused")
		}
	}
}

func (b *benchmark) insertRefused() {
	key := b.fill(1)[0]
	for b.Loop() {
		_, err := core.Insert(b.ctx, b.store, b.collection, key, b.value, core.NoTTL)
		b.must(err)
	}
}

func (b *benchmark) delete() {
	var keys []string
	for b.Loop() {
		if len(keys) == 0 {
			keys = b.fill(100)
		}
		_, err := b.store.Delete(b.ctx, b.collection, keys[0])
		b.must(err)
		keys = keys[1:]
	}
}

func (b *benchmark) listKeys() {
	b.fill(thousand)
	for b.Loop() {
		n := 0
		for _, err := range core.Keys(b.ctx, b.store, b.collection) {
			b.must(err)
			n++
		}
		if n != thousand {
			b.Fatalf("%d keys of %d were listed", n, thousand)
		}
	}
}
