package main

import (
	"fmt"
	"strings"
	"testing"
)

const passing = `{"Action":"start","Package":"kv/a"}
{"Action":"run","Package":"kv/a","Test":"TestA"}
{"Action":"output","Package":"kv/a","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"kv/a","Test":"TestA","Output":"    a_test.go:5: a note\n"}
{"Action":"output","Package":"kv/a","Test":"TestA","Output":"--- PASS: TestA (0.00s)\n"}
{"Action":"pass","Package":"kv/a","Test":"TestA","Elapsed":0}
{"Action":"output","Package":"kv/b","Output":"?   \tkv/b\t[no test files]\n"}
{"Action":"skip","Package":"kv/b"}
{"Action":"output","Package":"kv/a","Output":"PASS\n"}
{"Action":"output","Package":"kv/a","Output":"ok  \tkv/a\t0.002s\n"}
{"Action":"pass","Package":"kv/a","Elapsed":0.002}
`

func TestReport(t *testing.T) {
	skipped := strings.ReplaceAll(passing, `"pass","Package":"kv/a","Test":"TestA"`, `"skip","Package":"kv/a","Test":"TestA"`)
	tests := []struct {
		name, in string
		out      string // all that is printed
		err      string // part of the error, empty for none
	}{
		{"pass", passing, "?   \tkv/b\t[no test files]\nok  \tkv/a\t0.002s\n", ""},
		{"skip", passing + skipped, "", "not in expectedSkips: kv/a.TestA"},
		{"nothing", "", "", "no test was run"},
		{"expected skip", passing + strings.ReplaceAll(skipped, "TestA", "TestOnly"), "", ""},
		{"fail", passing + `{"Action":"output","Package":"kv/c","Test":"TestC","Output":"=== RUN   TestC\n"}
{"Action":"output","Package":"kv/c","Test":"TestC","Output":"    c_test.go:9: bad\n"}
{"Action":"output","Package":"kv/c","Test":"TestC","Output":"--- FAIL: TestC (0.00s)\n"}
{"Action":"fail","Package":"kv/c","Test":"TestC"}
{"Action":"output","Package":"kv/c","Output":"FAIL\tkv/c\t0.001s\n"}
{"Action":"fail","Package":"kv/c"}
`, "?   \tkv/b\t[no test files]\nok  \tkv/a\t0.002s\n    c_test.go:9: bad\n--- FAIL: TestC (0.00s)\nFAIL\tkv/c\t0.001s\n", "tests failed"},
		{"panic", passing + `{"Action":"output","Package":"kv/c","Test":"TestC","Output":"panic: no\n"}
{"Action":"output","Package":"kv/c","Output":"FAIL\tkv/c\t0.001s\n"}
{"Action":"fail","Package":"kv/c"}
`, "?   \tkv/b\t[no test files]\nok  \tkv/a\t0.002s\npanic: no\nFAIL\tkv/c\t0.001s\n", "tests failed"},
		{"build failure", passing + `{"ImportPath":"kv/d","Action":"build-output","Output":"d.go:1: undefined: x\n"}
{"ImportPath":"kv/d","Action":"build-fail"}
{"Action":"output","Package":"kv/d","Output":"FAIL\tkv/d [build failed]\n"}
{"Action":"fail","Package":"kv/d","FailedBuild":"kv/d"}
`, "?   \tkv/b\t[no test files]\nok  \tkv/a\t0.002s\nd.go:1: undefined: x\nFAIL\tkv/d [build failed]\n", "tests failed"},
		{"not JSON", "a warning\n" + passing, "a warning\n?   \tkv/b\t[no test files]\nok  \tkv/a\t0.002s\n", ""},
	}
	expected := map[string]string{"kv/a.TestOnly": "needs another system"}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			r := newReporter(&out)
			if err := r.read(strings.NewReader(test.in)); err != nil {
				t.Fatal(err)
			}
			if test.out != "" && out.String() != test.out {
				t.Errorf("printed\n%s\nwant\n%s", out.String(), test.out)
			}
			if failed := strings.Contains(test.err, "failed"); failed && r.failed != 1 || !failed && r.failed != 0 {
				t.Errorf("counted %d failures", r.failed)
			}
			got := fmt.Sprint(r.err(expected))
			if test.err == "" && got != "<nil>" || !strings.Contains(got, test.err) {
				t.Errorf("got error %q, want %q", got, test.err)
			}
		})
	}
}
