package memcached_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// contestant is one way to do a call.
type contestant struct {
	name string
	call func() error
}

// callers are the numbers of callers at once that benchmarks run with.
var callers = []int{1, 8, 64}

// byTurns measures the contestants, at each number of callers, and reports how
// long the first takes for each of the others' time. A batch has that many
// calls, shared by the callers, or a sixteenth for each if that is more.
func byTurns(b *testing.B, batch int, contestants ...contestant) {
	for _, n := range callers {
		b.Run(fmt.Sprintf("callers=%d", n), func(b *testing.B) { atOnce(b, n, batch, contestants) })
	}
}

func atOnce(b *testing.B, callers, batch int, contestants []contestant) {
	times := make([][]float64, len(contestants))
	each := max(batch/callers, (batch+15)/16) // lest starting them counts
	for turn := 0; b.Loop(); turn++ {
		for i := range contestants {
			n := (i + turn) % len(contestants) // nobody is always the first
			var all sync.WaitGroup
			start := time.Now()
			for range callers {
				all.Go(func() {
					for range each {
						if err := contestants[n].call(); err != nil {
							b.Error(contestants[n].name, err)
						}
					}
				})
			}
			all.Wait()
			times[n] = append(times[n], float64(time.Since(start).Nanoseconds())/float64(callers*each))
		}
	}
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	for i, c := range contestants {
		b.ReportMetric(median(times[i]), c.name+"-ns")
		if callers == 1 {
			b.ReportMetric(testing.AllocsPerRun(10, func() { _ = c.call() }), c.name+"-allocs")
		}
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
