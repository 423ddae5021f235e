package compare

import (
	"fmt"
	"sync"
	"testing"
)

// BenchmarkParallel has many goroutines at once on one store: nine reads to
// a write, and reads alone.
func BenchmarkParallel(b *testing.B) {
	for _, goroutines := range []int{8, 64} {
		for _, writes := range []int{0, 10} {
			b.Run(fmt.Sprintf("%dgoroutines/%d%%writes", goroutines, writes), func(b *testing.B) {
				value, keys := document(1024), keysOf(1000)
				contestants := field(len(keys), value, true)
				fill(contestants, keys, value)
				byTurns(b, contestants, func(c contestant) int {
					return together(goroutines, func(worker int) {
						i := worker * 31
						for call := range callsPerBatch {
							i++
							if key := keys[i%len(keys)]; writes > 0 && call%(100/writes) == 0 {
								c.put(key, value)
							} else {
								c.get(key)
							}
						}
					}) * callsPerBatch
				})
			})
		}
	}
}

// together runs the function in so many goroutines and waits for all.
func together(goroutines int, work func(worker int)) int {
	var wait sync.WaitGroup
	for worker := range goroutines {
		wait.Go(func() { work(worker) })
	}
	wait.Wait()
	return goroutines
}
