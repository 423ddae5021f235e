package storetest

import (
	"sync"
	"testing"
)

// TestBrokenStores proves that the suite sees each broken store break the rule
// that it breaks, and that each case can fail.
func TestBrokenStores(t *testing.T) {
	var mutex sync.Mutex
	kills := make(map[string]int)
	t.Run("stores", func(t *testing.T) {
		for i := range brokenStores {
			b := &brokenStores[i]
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				violations := b.violations(t)
				if len(violations) == 0 {
					t.Errorf("the suite did not see that rule %d is broken", b.rule)
				}
				if testing.Verbose() {
					for _, v := range violations {
						t.Logf("%v", v)
					}
				}
				mutex.Lock()
				defer mutex.Unlock()
				for _, v := range violations {
					kills[v.Case]++
				}
			})
		}
	})
	for _, c := range cases {
		if kills[c.name] == 0 {
			t.Errorf("no broken store fails %s: it may not be able to fail", c.name)
		}
	}
}
