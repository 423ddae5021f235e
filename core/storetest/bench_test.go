package storetest

import (
	"flag"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func BenchmarkReference(b *testing.B) {
	Bench(b, func(*testing.B) core.Store { return newReference() })
}

func FuzzReference(f *testing.F) {
	Fuzz(f, func(*testing.T) core.Store { return newReference() })
}

func FuzzPoor(f *testing.F) {
	Fuzz(f, func(*testing.T) core.Store { return poor{newReference()} })
}

// TestBench runs each benchmark once or twice, so that none of them breaks
// unseen.
func TestBench(t *testing.T) {
	benchtime := flag.Lookup("test.benchtime").Value
	before := benchtime.String()
	if err := benchtime.Set("2x"); err != nil {
		t.Fatal(err)
	}
	defer benchtime.Set(before)
	for name, newStore := range map[string]func() core.Store{
		"reference": func() core.Store { return newReference() },
		"poor":      func() core.Store { return poor{newReference()} },
	} {
		runs := 0
		testing.Benchmark(func(b *testing.B) {
			Bench(b, func(*testing.B) core.Store { runs++; return newStore() })
		})
		if runs < len(benchmarks) { // those in parallel run again
			t.Errorf("%s: %d benchmarks of %d were run", name, runs, len(benchmarks))
		}
	}
}
