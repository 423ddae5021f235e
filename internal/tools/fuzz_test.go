package main

import (
	"slices"
	"testing"
)

func TestParseTargets(t *testing.T) {
	const out = "FuzzA\nFuzzB\nok  \tkv/a\t0.002s\n?   \tkv/b\t[no test files]\nok  \tkv/c\t0.001s\nFuzzC\nok  \tkv/d\t0.002s\n"
	want := []target{{"kv/a", "FuzzA"}, {"kv/a", "FuzzB"}, {"kv/d", "FuzzC"}}
	if got := parseTargets(out); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStopRace(t *testing.T) {
	tests := []struct {
		name, out string
		want      bool
	}{
		{"time over", "fuzz: elapsed: 5s, execs: 12 (0/sec)\n--- FAIL: FuzzA (5.01s)\n    context deadline exceeded\nFAIL\n", true},
		{"finding", "--- FAIL: FuzzA (0.1s)\n    --- FAIL: FuzzA (0.00s)\n        a_test.go:7: bad\n    Failing input written to testdata/fuzz/FuzzA/1\n", false},
		{"a target's own deadline", "--- FAIL: FuzzA (0.1s)\n    context deadline exceeded\n    Failing input written to testdata/fuzz/FuzzA/1\n", false},
		{"seed fails", "--- FAIL: FuzzA (0.1s)\n    --- FAIL: FuzzA/seed#0 (0.00s)\n        context deadline exceeded\n", false},
		{"does not build", "a.go:1: undefined: x\nFAIL\tkv/a [build failed]\n", false},
	}
	for _, test := range tests {
		if got := stopRace(test.out); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
	}
}
