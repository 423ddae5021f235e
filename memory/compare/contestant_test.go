package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jellydator/ttlcache/v3"
	"github.com/maypok86/otter/v2"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// contestant is a way to keep bytes. Get returns a copy that belongs to the
// caller, put keeps a copy.
type contestant struct {
	name string
	get  func(key string) []byte
	put  func(key string, value []byte)
}

var ctx = context.Background()

func newMemory(options *memory.Options) *memory.Store {
	store, err := memory.New(options)
	if err != nil {
		panic(err)
	}
	return store
}

func ofMemory(name string, store *memory.Store, ttl time.Duration) contestant {
	return contestant{
		name: name,
		get: func(key string) []byte {
			entry, _ := store.Get(ctx, "users", key)
			return entry.Value
		},
		put: func(key string, value []byte) {
			if err := store.Put(ctx, "users", key, value, ttl); err != nil {
				panic(err)
			}
		},
	}
}

// ofMap is a map under a RWMutex: the least that is safe to share.
func ofMap(name string, valid bool) contestant {
	var mu sync.RWMutex
	values := make(map[string][]byte)
	return contestant{
		name: name,
		get: func(key string) []byte {
			mu.RLock()
			defer mu.RUnlock()
			return bytes.Clone(values[key])
		},
		put: func(key string, value []byte) {
			if valid && !json.Valid(value) {
				panic("not JSON")
			}
			value = bytes.Clone(value)
			mu.Lock()
			defer mu.Unlock()
			values[key] = value
		},
	}
}

// ofClone copies one value and stores nothing: the floor under a get.
func ofClone(value []byte) contestant {
	return contestant{
		name: "clone",
		get:  func(string) []byte { return bytes.Clone(value) },
		put:  func(_ string, value []byte) { sink.Store(ptr(bytes.Clone(value))) },
	}
}

func ofOtter(size int) contestant {
	cache := otter.Must(&otter.Options[string, []byte]{MaximumSize: size})
	return contestant{
		name: "otter",
		get: func(key string) []byte {
			value, _ := cache.GetIfPresent(key)
			return bytes.Clone(value)
		},
		put: func(key string, value []byte) { cache.Set(key, bytes.Clone(value)) },
	}
}

func ofTTLCache(size int) contestant {
	cache := ttlcache.New(ttlcache.WithCapacity[string, []byte](uint64(size)))
	return contestant{
		name: "ttlcache",
		get:  func(key string) []byte { return bytes.Clone(cache.Get(key).Value()) },
		put: func(key string, value []byte) {
			cache.Set(key, bytes.Clone(value), ttlcache.NoTTL)
		},
	}
}

// document is a JSON object of exactly size bytes: a user with a biography.
func document(size int) []byte {
	head := `{"id":4711,"name":"Ada Lovelace","email":"ada@example.org","tags":["math","engine"],"score":12.5,"active":true,"bio":"`
	value := append([]byte(head), bytes.Repeat([]byte("A short sentence. "), size/18+1)...)
	value = append(value[:size-2], '"', '}')
	if err := core.CheckValue(value); err != nil {
		panic(err)
	}
	return value
}

// keysOf returns that many distinct keys, in an order without pattern.
func keysOf(count int) []string {
	keys := make([]string, count)
	for i, n := range rand.New(rand.NewPCG(1, 2)).Perm(count) {
		keys[i] = "user:" + strconv.Itoa(100_000_000+n)
	}
	return keys
}

func fill(contestants []contestant, keys []string, value []byte) {
	for _, c := range contestants {
		for _, key := range keys {
			c.put(key, value)
		}
	}
}

// byTurns measures batches of the contestants by turns. The first contestant
// is what the ratios refer to.
func byTurns(b *testing.B, contestants []contestant, batch func(contestant) (calls int)) {
	times := make([][]float64, len(contestants))
	for turn := 0; b.Loop(); turn++ {
		for i := range contestants {
			n := (i + turn) % len(contestants) // nobody always runs behind the same
			start := time.Now()
			calls := batch(contestants[n])
			times[n] = append(times[n], float64(time.Since(start).Nanoseconds())/float64(calls))
		}
	}
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	for i, c := range contestants {
		b.ReportMetric(median(times[i]), c.name+"-ns")
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
