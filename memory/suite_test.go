package memory_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// The benchmarks that every store has. Those beside other libraries are in the
// module memory/compare.
func BenchmarkStore(b *testing.B) {
	for name, open := range stores {
		b.Run(name, func(b *testing.B) {
			storetest.Bench(b, func(b *testing.B) core.Store { return open(b) })
		})
	}
}

func FuzzStore(f *testing.F) {
	storetest.Fuzz(f, func(t *testing.T) core.Store { return stores["unbounded"](t) })
}
