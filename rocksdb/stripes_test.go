package rocksdb

import (
	"fmt"
	"hash/maphash"
	"sync"
	"testing"
)

// Whoever holds a set keeps out all who want one of its stripes, and sets that
// overlap in any order never wait for each other in a circle.
func TestStripes(t *testing.T) {
	s := &stripes{seed: maphash.MakeSeed()}
	counts := make([]int, 50) // by key; the race detector watches them too
	var group sync.WaitGroup
	for caller := range 8 {
		group.Go(func() {
			for round := range 200 {
				keys := borrow()
				var touched []int
				for i := range 10 {
					n := (caller*7 + round*13 + i*i) % len(counts)
					keys.add("c", fmt.Sprint(n))
					touched = append(touched, n)
				}
				unlock := s.lock(s.set(keys))
				for _, n := range touched {
					counts[n]++
				}
				unlock()
				n := round % len(counts)
				lock := s.of([]byte(fmt.Sprint("c::", n)))
				lock.Lock()
				counts[n]++
				lock.Unlock()
				if round%50 == 0 {
					unlock := s.lock(s.all())
					counts[0]++
					unlock()
				}
				unlock = s.share(s.set(keys))
				_ = counts[touched[0]]
				unlock()
				keys.release()
			}
		})
	}
	group.Wait()
	sum := 0
	for _, count := range counts {
		sum += count
	}
	if want := 8 * (200*11 + 4); sum != want {
		t.Errorf("%d of %d additions are there", sum, want)
	}
}

func TestAllStripes(t *testing.T) {
	s := new(stripes)
	seen := make(map[int]bool)
	previous := -1
	s.all().each(func(n int) {
		if n <= previous {
			t.Errorf("stripe %d comes behind %d", n, previous)
		}
		seen[n], previous = true, n
	})
	if len(seen) != stripeCount {
		t.Errorf("all are %d stripes of %d", len(seen), stripeCount)
	}
}
