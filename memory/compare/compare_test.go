package compare

import (
	"fmt"
	"math/rand/v2"

	"slices"
	"strings"

	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// callsPerBatch keeps a batch at about a millisecond.
const callsPerBatch = 5000

// sink keeps results alive.
var sink atomic.Pointer[[]byte]

func ptr(b []byte) *[]byte { return &b }

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// field returns a fresh set of contestants; what they are compared to first
// is memory without bounds.
func field(count int, value []byte, valid bool) []contestant {
	contestants := []contestant{
		ofMemory("memory", newMemory(nil), core.NoTTL),
		ofMap("map", false),
	}
	if valid {
		contestants = append(contestants, ofMap("map+json.Valid", true))
	}
	return append(contestants,
		ofMemory("bounded", newMemory(&memory.Options{MaxEntries: 2 * count}), core.NoTTL),
		ofMemory("expiring", newMemory(nil), time.Hour),
		ofOtter(2*count),
		ofTTLCache(2*count),
		ofClone(value),
	)
}

// rotation hands out the keys, again and again, as a program would that got
// them from outside: in another order than they were put in, else the processor
// foresees what comes next, and in strings of their own, else comparing keys
// costs nothing.
func rotation(keys []string) func() string {
	i := 0
	keys = slices.Clone(keys)
	for i, key := range keys {
		keys[i] = strings.Clone(key)
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return func() string {
		if i++; i == len(keys) {
			i = 0
		}
		return keys[i]
	}
}

func BenchmarkGet(b *testing.B) {
	for _, size := range []int{130, 1024, 16384} {
		for _, count := range []int{1000, 50_000} {
			if size*count > 100<<20 {
				continue
			}
			b.Run(fmt.Sprintf("%dB/%dkeys", size, count), func(b *testing.B) {
				value, keys := document(size), keysOf(count)
				contestants := field(count, value, false)
				fill(contestants, keys, value)
				next := rotation(keys)
				byTurns(b, contestants, func(c contestant) int {
					var last []byte
					for range callsPerBatch {
						last = c.get(next())
					}
					sink.Store(&last)
					return callsPerBatch
				})
				reportAllocations(b, contestants[0], func(c contestant) { c.get(next()) })
			})
		}
	}
}

func BenchmarkPut(b *testing.B) {
	for _, size := range []int{130, 1024, 16384} {
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			value, keys := document(size), keysOf(1000)
			contestants := field(len(keys), value, true)
			fill(contestants, keys, value)
			next := rotation(keys)
			byTurns(b, contestants, func(c contestant) int {
				for range callsPerBatch {
					c.put(next(), value)
				}
				return callsPerBatch
			})
			reportAllocations(b, contestants[0], func(c contestant) { c.put(next(), value) })
		})
	}
}
