package compare

import (
	"slices"
	"testing"
	"time"
)

// contestant is one way to do a call.
type contestant struct {
	name string
	call func()
}

// callsPerBatch keeps a batch at a millisecond or a few.
const callsPerBatch = 50

// byTurns measures the contestants, and reports how long the first takes for
// each of the others' time.
func byTurns(b *testing.B, contestants ...contestant) {
	b.Helper()
	times := make([][]float64, len(contestants))
	for turn := 0; b.Loop(); turn++ {
		for i := range contestants {
			n := (i + turn) % len(contestants) // nobody always runs behind the same
			start := time.Now()
			for range callsPerBatch {
				contestants[n].call()
			}
			times[n] = append(times[n], float64(time.Since(start).Nanoseconds())/callsPerBatch)
		}
	}
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	for i, c := range contestants {
		b.ReportMetric(median(times[i]), c.name+"-ns")
		b.ReportMetric(testing.AllocsPerRun(100, c.call), c.name+"-allocs")
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
