package redis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/go-redis/cache/v9"
	fiber "github.com/gofiber/storage/redis/v3"
	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/redis"
)

const (
	benchCollection = "bench"
	benchEntries    = 1000
	benchBatch      = 100
	benchTTL        = time.Hour
)

// callers are how many goroutines call at once.
var callers = []int{1, 8, 64}

// bench is what all contestants work with: one client, values of 1 KiB, and the
// same bytes on the wire.
type bench struct {
	ctx       context.Context
	client    *goredis.Client
	store     *redis.Store
	watched   *redis.Store // over a client that does not see to deadlines
	fiber     *fiber.Storage
	cache     *cache.Cache
	keys      []string
	names     []string // in the database
	value     json.RawMessage
	items     []core.Item
	envelopes [][]byte
}

func newBench(b *testing.B) *bench {
	b.Helper()
	url := servers.Redis.URL(b)
	o, err := goredis.ParseURL(url)
	if err != nil {
		b.Fatal(err)
	}
	o.PoolSize = 64
	o.ContextTimeoutEnabled = true
	unaware := *o
	unaware.ContextTimeoutEnabled = false
	client, other := goredis.NewClient(o), goredis.NewClient(&unaware)
	s := &bench{
		ctx: b.Context(), client: client, store: open(b, url+"?pool_size=64"), watched: borrow(b, other, nil),
		fiber: fiber.NewFromConnection(client), cache: cache.New(&cache.Options{Redis: client}),
		value: fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24)),
	}
	for i := range benchEntries {
		key := fmt.Sprintf("key-%06d", i)
		s.keys = append(s.keys, key)
		s.names = append(s.names, names.Compound(benchCollection, key))
		s.items = append(s.items, core.Item{Key: key, Value: s.value, TTL: benchTTL})
		s.envelopes = append(s.envelopes, envelope(benchCollection, key, string(s.value), time.Now().Add(benchTTL)))
	}
	if err := s.store.PutMany(s.ctx, benchCollection, s.items); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		client.Del(context.Background(), s.names...)
		client.Close()
		other.Close()
	})
	return s
}

// batch returns where a batch begins and ends.
func batch(n int) (int, int) {
	n %= benchEntries - benchBatch
	return n, n + benchBatch
}

func BenchmarkGet(b *testing.B) {
	s := newBench(b)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 50,
				turns.Contestant{Name: "store", Call: func(n int) error {
					_, err := s.store.Get(s.ctx, benchCollection, s.keys[n%benchEntries])
					return err
				}},
				turns.Contestant{Name: "watched", Call: func(n int) error {
					_, err := s.watched.Get(s.ctx, benchCollection, s.keys[n%benchEntries])
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					_, err := s.client.Get(s.ctx, s.names[n%benchEntries]).Bytes()
					return err
				}},
				turns.Contestant{Name: "fiber", Call: func(n int) error {
					_, err := s.fiber.GetWithContext(s.ctx, s.names[n%benchEntries])
					return err
				}},
				turns.Contestant{Name: "cache", Call: func(n int) error {
					var data []byte
					return s.cache.Get(s.ctx, s.names[n%benchEntries], &data)
				}})
		})
	}
}

func BenchmarkPut(b *testing.B) {
	s := newBench(b)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 50,
				turns.Contestant{Name: "store", Call: func(n int) error {
					return s.store.Put(s.ctx, benchCollection, s.keys[n%benchEntries], s.value, benchTTL)
				}},
				turns.Contestant{Name: "watched", Call: func(n int) error {
					return s.watched.Put(s.ctx, benchCollection, s.keys[n%benchEntries], s.value, benchTTL)
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					return s.client.Set(s.ctx, s.names[n%benchEntries], s.envelopes[n%benchEntries], benchTTL+time.Millisecond).Err()
				}},
				turns.Contestant{Name: "fiber", Call: func(n int) error {
					return s.fiber.SetWithContext(s.ctx, s.names[n%benchEntries], s.envelopes[n%benchEntries], benchTTL+time.Millisecond)
				}},
				turns.Contestant{Name: "cache", Call: func(n int) error {
					return s.cache.Set(&cache.Item{
						Ctx: s.ctx, Key: s.names[n%benchEntries], Value: s.envelopes[n%benchEntries], TTL: benchTTL + time.Millisecond,
					})
				}})
		})
	}
}

// The batches have 100 entries. A loop is of single calls of the store.

func BenchmarkGetMany(b *testing.B) {
	s := newBench(b)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 10,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from, to := batch(n)
					_, err := s.store.GetMany(s.ctx, benchCollection, s.keys[from:to])
					return err
				}},
				turns.Contestant{Name: "pipeline", Call: func(n int) error {
					from, to := batch(n)
					pipe := s.client.Pipeline()
					for _, name := range s.names[from:to] {
						pipe.Get(s.ctx, name)
					}
					_, err := pipe.Exec(s.ctx)
					return err
				}},
				turns.Contestant{Name: "mget", Call: func(n int) error {
					from, to := batch(n)
					return s.client.MGet(s.ctx, s.names[from:to]...).Err()
				}},
				turns.Contestant{Name: "loop", Call: func(n int) error {
					from, to := batch(n)
					for _, key := range s.keys[from:to] {
						if _, err := s.store.Get(s.ctx, benchCollection, key); err != nil {
							return err
						}
					}
					return nil
				}})
		})
	}
}

func BenchmarkPutMany(b *testing.B) {
	s := newBench(b)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 10,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from, to := batch(n)
					return s.store.PutMany(s.ctx, benchCollection, s.items[from:to])
				}},
				turns.Contestant{Name: "pipeline", Call: func(n int) error {
					from, to := batch(n)
					pipe := s.client.Pipeline()
					for i := from; i < to; i++ {
						pipe.Set(s.ctx, s.names[i], s.envelopes[i], benchTTL+time.Millisecond)
					}
					_, err := pipe.Exec(s.ctx)
					return err
				}},
				turns.Contestant{Name: "loop", Call: func(n int) error {
					from, to := batch(n)
					for _, item := range s.items[from:to] {
						if err := s.store.Put(s.ctx, benchCollection, item.Key, item.Value, item.TTL); err != nil {
							return err
						}
					}
					return nil
				}})
		})
	}
}
