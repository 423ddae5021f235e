package memcached_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/memcached"
)

const benchCollection = "benchmark"

// setting is a store and the bare driver on the same servers, with the same
// entries, of 1 KiB each.
type setting struct {
	store *memcached.Store
	raw   *memcache.Client
	keys  []string
	names []string
	value json.RawMessage
	items []core.Item
	wire  []*memcache.Item // as the store wrote them
}

func prepare(b *testing.B) *setting {
	b.Helper()
	return prepareBehind(b, func(address string) string { return address })
}

// prepareBehind is prepare with something between the store and the server at
// the address: what it returns the address of.
func prepareBehind(b *testing.B, via func(address string) string) *setting {
	b.Helper()
	// One thread, lest it matters which of them has whose connection.
	address := via(servers.Memcached.Start(b, "-t", "1").Address)
	s := &setting{store: open(b, "memcached://"+address), raw: memcache.New(address)}
	s.raw.MaxIdleConns = 64
	b.Cleanup(func() { s.raw.Close() })
	s.value = json.RawMessage(fmt.Sprintf(`{"name":"Ada","text":%q}`, strings.Repeat("x", 1024-24)))
	for i := range 100 {
		key := fmt.Sprintf("key-%03d", i)
		s.keys = append(s.keys, key)
		s.names = append(s.names, names.Compound(benchCollection, key))
		s.items = append(s.items, core.Item{Key: key, Value: s.value})
	}
	if err := s.store.PutMany(b.Context(), benchCollection, s.items); err != nil {
		b.Fatal(err)
	}
	for _, name := range s.names {
		item, err := s.raw.Get(name)
		if err != nil {
			b.Fatal(err)
		}
		s.wire = append(s.wire, item)
	}
	return s
}

func BenchmarkGet(b *testing.B) {
	s := prepare(b)
	byTurns(b, 128,
		contestant{"store", s.get(context.Background(), s.store)},
		contestant{"raw", func() error { _, err := s.raw.Get(s.names[0]); return err }},
		contestant{"store-with-deadline", s.get(ending(b), s.store)},
	)
}

func BenchmarkPut(b *testing.B) {
	s := prepare(b)
	byTurns(b, 128,
		contestant{"store", s.put(context.Background(), s.store)},
		contestant{"raw", func() error { return s.raw.Set(s.wire[0]) }},
		contestant{"store-with-deadline", s.put(ending(b), s.store)},
	)
}

// BenchmarkBorrowed measures what a context that can end costs over a client
// that knows none, by itself: goroutines change how fast others are.
func BenchmarkBorrowed(b *testing.B) {
	s := prepare(b)
	store := s.borrowed(b)
	b.Run("Get", func(b *testing.B) {
		byTurns(b, 128,
			contestant{"with-deadline", s.get(ending(b), store)},
			contestant{"without", s.get(context.Background(), store)},
		)
	})
	b.Run("Put", func(b *testing.B) {
		byTurns(b, 128,
			contestant{"with-deadline", s.put(ending(b), store)},
			contestant{"without", s.put(context.Background(), store)},
		)
	})
}

func (s *setting) get(ctx context.Context, store *memcached.Store) func() error {
	return func() error {
		_, err := store.Get(ctx, benchCollection, s.keys[0])
		return err
	}
}

func (s *setting) put(ctx context.Context, store *memcached.Store) func() error {
	return func() error { return store.Put(ctx, benchCollection, s.keys[0], s.value, core.NoTTL) }
}

// ending is a context that can end, as those of servers do.
func ending(b *testing.B) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	b.Cleanup(cancel)
	return ctx
}

// borrowed is a store over the bare driver's client.
func (s *setting) borrowed(b *testing.B) *memcached.Store {
	store, err := memcached.New(s.raw, nil)
	if err != nil {
		b.Fatal(err)
	}
	return closed(b, store)
}

func BenchmarkGetMany(b *testing.B) { byTurns(b, 4, prepare(b).readers()...) }

func BenchmarkPutMany(b *testing.B) { byTurns(b, 4, prepare(b).writers()...) }

// BenchmarkNetwork measures bulk calls where a round trip takes as long as in
// a network, some two milliseconds, and not as on the loopback interface.
func BenchmarkNetwork(b *testing.B) {
	s := prepareBehind(b, func(address string) string { return distant(b, address) })
	b.Run("GetMany", func(b *testing.B) { atOnce(b, 1, 1, s.readers()) })
	b.Run("PutMany", func(b *testing.B) { atOnce(b, 1, 1, s.writers()) })
}

// readers are the ways to read a hundred entries.
func (s *setting) readers() []contestant {
	ctx := context.Background()
	return []contestant{
		{"store", func() error { _, err := s.store.GetMany(ctx, benchCollection, s.keys); return err }},
		{"raw", func() error { _, err := s.raw.GetMulti(s.names); return err }},
		{"loop", func() error {
			for _, key := range s.keys {
				if _, err := s.store.Get(ctx, benchCollection, key); err != nil {
					return err
				}
			}
			return nil
		}},
	}
}

// writers are the ways to write a hundred entries.
func (s *setting) writers() []contestant {
	ctx := context.Background()
	return []contestant{
		{"store", func() error { return s.store.PutMany(ctx, benchCollection, s.items) }},
		{"raw-loop", func() error { // the driver has no bulk write
			for _, item := range s.wire {
				if err := s.raw.Set(item); err != nil {
					return err
				}
			}
			return nil
		}},
		{"loop", func() error {
			for _, item := range s.items {
				if err := s.store.Put(ctx, benchCollection, item.Key, item.Value, item.TTL); err != nil {
					return err
				}
			}
			return nil
		}},
	}
}
