package mongodb_test

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// contestant is one way to do a call. It is told which entry to begin with.
type contestant struct {
	name string
	call func(n int) error
}

// byTurns measures the contestants, each with so many callers at once, and
// reports how long the first takes for each of the others' time.
func byTurns(b *testing.B, callers, calls int, contestants ...contestant) {
	b.Helper()
	times := make([][]float64, len(contestants))
	for turn := 0; b.Loop(); turn++ {
		for i := range contestants {
			n := (i + turn) % len(contestants) // nobody always runs behind the same
			start := time.Now()
			var group sync.WaitGroup
			for caller := range callers {
				group.Go(func() {
					for call := range calls {
						if err := contestants[n].call(turn*31 + caller*calls + call); err != nil {
							b.Errorf("%s: %v", contestants[n].name, err)
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
		b.ReportMetric(testing.AllocsPerRun(100, func() { _ = c.call(0) }), c.name+"-allocs")
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
