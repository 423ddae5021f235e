// Package turns compares ways to do the same, by turns in one run, so that what
// else the machine does hits all of them alike.
package turns

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// Contestant is one way to do a call, which is told its number.
type Contestant struct {
	Name string
	Call func(n int) error
}

// Run measures the contestants, each with so many callers at once that make so
// many calls in a turn. It reports the time of a call and its allocations for
// each, and how long the first takes for each of the others' time.
func Run(b *testing.B, callers, calls int, contestants ...Contestant) {
	b.Helper()
	times := make([][]float64, len(contestants))
	order := rand.Perm(len(contestants))
	for turn := 0; b.Loop(); turn++ {
		// Nobody always runs behind the same.
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i := range contestants {
			n := order[i]
			start := time.Now()
			var group sync.WaitGroup
			for caller := range callers {
				group.Go(func() {
					for call := range calls {
						if err := contestants[n].Call(turn*31 + caller*calls + call); err != nil {
							b.Errorf("%s: %v", contestants[n].Name, err)
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
		b.ReportMetric(median(times[i]), c.Name+"-ns")
		b.ReportMetric(testing.AllocsPerRun(100, func() { _ = c.Call(0) }), c.Name+"-allocs")
		if i == 0 {
			continue
		}
		ratios := make([]float64, len(times[0]))
		for turn := range ratios {
			ratios[turn] = times[0][turn] / times[i][turn]
		}
		b.ReportMetric(median(ratios), "x-of-"+c.Name)
	}
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
