package valkey_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/redis"
	"github.com/go-keyvalue/keyvalue/valkey"
)

const (
	benchCollection = "bench"
	benchEntries    = 1000
	benchBatch      = 100
)

// bench is what all contestants work with: values of 1 KiB, one server, and the
// same bytes on the wire. Each has a client of its own with the same options.
type bench struct {
	client    driver.Client
	store     *valkey.Store
	redis     core.Store // the other module, on the same server
	keys      []string
	names     []string // in the database
	value     json.RawMessage
	envelopes []string
}

func newBench(b *testing.B) *bench {
	b.Helper()
	url := strings.TrimSuffix(servers.Valkey.URL(b), "/0") + "/3"
	store := open(b, url)
	o, err := driver.ParseURL(url)
	if err != nil {
		b.Fatal(err)
	}
	o.DisableCache = true
	s := &bench{client: connect(b, o), store: store}
	s.redis, err = redis.Open(b.Context(), "redis"+strings.TrimPrefix(url, "valkey")+"?pool_size=64")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { core.Close(s.redis) })
	s.value = fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1000-3))
	items := make([]core.Item, benchEntries)
	for i := range items {
		key := fmt.Sprintf("key-%06d", i)
		s.keys = append(s.keys, key)
		s.names = append(s.names, names.Compound(benchCollection, key))
		items[i] = core.Item{Key: key, Value: s.value}
		record := managed.Record{Collection: benchCollection, Key: key, Entry: core.Entry{
			Value: s.value, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour),
		}}
		s.envelopes = append(s.envelopes, string(managed.Append(nil, &record)))
	}
	if err := store.PutMany(b.Context(), benchCollection, items); err != nil {
		b.Fatal(err)
	}
	return s
}

// rawSet is the command of a Put.
func (s *bench) rawSet(i int) driver.Completed {
	return s.client.B().Set().Key(s.names[i]).Value(s.envelopes[i]).PxMilliseconds(time.Hour.Milliseconds()).Build()
}

// contestant is one way to do a call. It is told which entry to take.
type contestant struct {
	name string
	call func(ctx context.Context, n int) error
}

// byTurns measures the contestants with so many callers at once, and reports
// how long the first takes for each of the others' time.
func byTurns(b *testing.B, callers, calls int, contestants ...contestant) {
	b.Helper()
	ctx := b.Context() // which can be cancelled, as that of a request can
	times := make([][]float64, len(contestants))
	for turn := 0; b.Loop(); turn++ {
		for i := range contestants {
			n := (i + turn) % len(contestants) // nobody always runs behind the same
			start := time.Now()
			var group sync.WaitGroup
			for caller := range callers {
				group.Go(func() {
					for call := range calls {
						if err := contestants[n].call(ctx, turn*31+caller*calls+call); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			times[n] = append(times[n], float64(time.Since(start).Nanoseconds())/float64(callers*calls))
		}
	}
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	for i, c := range contestants {
		b.ReportMetric(median(times[i]), c.name+"-ns")
		b.ReportMetric(testing.AllocsPerRun(100, func() { _ = c.call(ctx, 0) }), c.name+"-allocs")
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

// withCallers runs a benchmark for each number of callers.
func withCallers(b *testing.B, calls int, contestants ...contestant) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) { byTurns(b, callers, calls, contestants...) })
	}
}

// The contexts of all calls can be cancelled, but for those of the contestants
// whose names end in background.

func BenchmarkGet(b *testing.B) {
	s := newBench(b)
	alone := newBench(b) // whose connections only see calls that cannot be cancelled
	withCallers(b, 100,
		contestant{"store", func(ctx context.Context, n int) error {
			_, err := s.store.Get(ctx, benchCollection, s.keys[n%benchEntries])
			return err
		}},
		contestant{"raw", func(ctx context.Context, n int) error {
			_, err := s.client.Do(ctx, s.client.B().Get().Key(s.names[n%benchEntries]).Build()).AsBytes()
			return err
		}},
		contestant{"redis", func(ctx context.Context, n int) error {
			_, err := s.redis.Get(ctx, benchCollection, s.keys[n%benchEntries])
			return err
		}},
		contestant{"background", func(_ context.Context, n int) error {
			_, err := alone.store.Get(context.Background(), benchCollection, s.keys[n%benchEntries])
			return err
		}},
		contestant{"raw-background", func(_ context.Context, n int) error {
			_, err := alone.client.Do(context.Background(), s.client.B().Get().Key(s.names[n%benchEntries]).Build()).AsBytes()
			return err
		}})
}

func BenchmarkPut(b *testing.B) {
	s := newBench(b)
	alone := newBench(b)
	withCallers(b, 100,
		contestant{"store", func(ctx context.Context, n int) error {
			return s.store.Put(ctx, benchCollection, s.keys[n%benchEntries], s.value, time.Hour)
		}},
		contestant{"raw", func(ctx context.Context, n int) error {
			return s.client.Do(ctx, s.rawSet(n%benchEntries)).Error()
		}},
		contestant{"redis", func(ctx context.Context, n int) error {
			return s.redis.Put(ctx, benchCollection, s.keys[n%benchEntries], s.value, time.Hour)
		}},
		contestant{"background", func(_ context.Context, n int) error {
			return alone.store.Put(context.Background(), benchCollection, s.keys[n%benchEntries], s.value, time.Hour)
		}},
		contestant{"raw-background", func(_ context.Context, n int) error {
			return alone.client.Do(context.Background(), s.rawSet(n%benchEntries)).Error()
		}})
}

func BenchmarkGetMany(b *testing.B) {
	s := newBench(b)
	withCallers(b, 10,
		contestant{"store", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			_, err := s.store.GetMany(ctx, benchCollection, s.keys[n:n+benchBatch])
			return err
		}},
		contestant{"raw", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			cmds := make([]driver.Completed, benchBatch)
			for i := range cmds {
				cmds[i] = s.client.B().Get().Key(s.names[n+i]).Build()
			}
			for _, result := range s.client.DoMulti(ctx, cmds...) {
				if _, err := result.AsBytes(); err != nil {
					return err
				}
			}
			return nil
		}},
		contestant{"mget", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			return s.client.Do(ctx, s.client.B().Mget().Key(s.names[n:n+benchBatch]...).Build()).Error()
		}},
		contestant{"loop", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			for _, key := range s.keys[n : n+benchBatch] {
				if _, err := s.store.Get(ctx, benchCollection, key); err != nil {
					return err
				}
			}
			return nil
		}},
		contestant{"redis", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			_, err := s.redis.GetMany(ctx, benchCollection, s.keys[n:n+benchBatch])
			return err
		}})
}

func BenchmarkPutMany(b *testing.B) {
	s := newBench(b)
	items := make([]core.Item, benchEntries)
	for i := range items {
		items[i] = core.Item{Key: s.keys[i], Value: s.value, TTL: time.Hour}
	}
	withCallers(b, 10,
		contestant{"store", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			return s.store.PutMany(ctx, benchCollection, items[n:n+benchBatch])
		}},
		contestant{"raw", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			cmds := make([]driver.Completed, benchBatch)
			for i := range cmds {
				cmds[i] = s.rawSet(n + i)
			}
			for _, result := range s.client.DoMulti(ctx, cmds...) {
				if err := result.Error(); err != nil {
					return err
				}
			}
			return nil
		}},
		contestant{"loop", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			for _, item := range items[n : n+benchBatch] {
				if err := s.store.Put(ctx, benchCollection, item.Key, item.Value, item.TTL); err != nil {
					return err
				}
			}
			return nil
		}},
		contestant{"redis", func(ctx context.Context, n int) error {
			n %= benchEntries - benchBatch
			return s.redis.PutMany(ctx, benchCollection, items[n:n+benchBatch])
		}})
}
