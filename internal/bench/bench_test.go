package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkGet/1KiB-2         	     100	         0 ns/op	         1.071 x-of-raw	      8500 raw-ns	      9100 store-ns
BenchmarkPut-2   	  200000	      5123 ns/op	    1024 B/op	       1 allocs/op
BenchmarkNoise
--- SKIP: BenchmarkFar/away
    kind.go:70: no redis
PASS
`

func TestParse(t *testing.T) {
	p := parse("x", printed)
	if len(p.Benchmarks) != 2 || p.Benchmarks[0].Name != "Get/1KiB" || p.Benchmarks[0].Metrics["x-of-raw"] != 1.071 || p.Benchmarks[1].Metrics["allocs/op"] != 1 {
		t.Errorf("%+v", p)
	}
	if !slices.Equal(p.LeftOut, []string{"Far/away"}) {
		t.Errorf("left out: %q", p.LeftOut)
	}
	if got := p.ratios(); len(got) != 1 || got[0] != (ratio{"Get/1KiB / raw", 1.071}) {
		t.Errorf("ratios: %v", got)
	}
}

func TestPage(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := writePage(report{Machine: "a machine", Packages: []pkg{parse("a/b", printed)}}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.FromSlash(pageFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"> a machine", "## a/b", "(performance/a-b.svg)", "| Put | 5.12 µs | 1024 B | 1 |  |",
		"| Get/1KiB | store | 9.10 µs |  |  |\n|  | raw | 8.50 µs |  | × 1.07 |", "server: Far/away."} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if _, err := os.Stat(filepath.Join("docs", "performance", "a-b.svg")); err != nil {
		t.Error(err)
	}
}

func TestPlotIsXML(t *testing.T) {
	decoder := xml.NewDecoder(strings.NewReader(plot([]ratio{{"a<b & c", 0.1}, {"d", 40}, {"nothing", 0}})))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestBenchmarkPackages(t *testing.T) {
	dirs, err := benchmarkPackages(filepath.Join("..", ".."))
	if err != nil || len(dirs) < 5 {
		t.Errorf("%q, %v", dirs, err)
	}
	for _, dir := range dirs {
		if strings.Contains(dir, "internal/bench") {
			t.Errorf("%s has no benchmarks", dir)
		}
	}
}
