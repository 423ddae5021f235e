package storetest

import "testing"

// TestBrokenStores proves that the suite sees each broken store break the rule
// that it breaks, and that each case can fail.
func TestBrokenStores(t *testing.T) {
	var caught set // cases
	t.Run("stores", func(t *testing.T) {
		for i := range brokenStores {
			b := &brokenStores[i]
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				violations := b.violations(t, &caught)
				if len(violations) == 0 {
					t.Errorf("the suite did not see that rule %d is broken", b.rule)
				}
				for _, v := range violations {
					t.Logf("%v", v)
				}
			})
		}
	})
	for _, c := range cases {
		if !caught.has(c.name) {
			t.Errorf("no broken store fails %s: it may not be able to fail", c.name)
		}
	}
}
