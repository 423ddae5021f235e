package compare

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/go-keyvalue/keyvalue/memory"
)

// reportAllocations measures what one call of the contestant allocates.
func reportAllocations(b *testing.B, c contestant, call func(contestant)) {
	b.ReportMetric(testing.AllocsPerRun(100, func() { call(c) }), c.name+"-allocs")
}

// BenchmarkFootprint reports how many bytes of heap an entry takes beyond the
// bytes of its key and its value.
func BenchmarkFootprint(b *testing.B) {
	const count = 200_000
	for _, size := range []int{256, 1024} {
		for i, name := range []string{"memory", "map", "map+json.Valid", "bounded", "expiring", "otter", "ttlcache"} {
			if name == "map+json.Valid" {
				continue
			}
			b.Run(fmt.Sprintf("%dB/%s", size, name), func(b *testing.B) {
				value, keys := document(size), keysOf(count)
				for b.Loop() {
					before := heap()
					c := field(count, value, true)[i]
					fill([]contestant{c}, keys, value)
					b.ReportMetric(float64(heap()-before)/count-float64(len(keys[0])+size), "B/entry")
					runtime.KeepAlive(c)
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// BenchmarkEmptied reports how much heap a store of 200,000 entries keeps once
// they were deleted.
func BenchmarkEmptied(b *testing.B) {
	value, keys := document(256), keysOf(200_000)
	for b.Loop() {
		before := heap()
		store := newMemory(&memory.Options{})
		fill([]contestant{ofMemory("memory", store, 0)}, keys, value)
		if _, err := store.DeleteMany(ctx, "users", keys); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(heap()-before), "B")
		runtime.KeepAlive(store)
	}
	b.ReportMetric(0, "ns/op")
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
