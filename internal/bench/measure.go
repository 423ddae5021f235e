package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A report is what was measured.
type report struct {
	Machine  string `json:"machine"`
	Packages []pkg  `json:"packages"`
}

type pkg struct {
	Dir        string      `json:"dir"`
	Benchmarks []benchmark `json:"benchmarks"`
	LeftOut    []string    `json:"leftOut,omitempty"` // with the reason
}

// empty reports whether there is nothing for this system.
func (p pkg) empty() bool { return len(p.Benchmarks) == 0 && len(p.LeftOut) == 0 }

type benchmark struct {
	Name    string             `json:"name"`    // without Benchmark and the number of processors
	Metrics map[string]float64 `json:"metrics"` // by unit
}

var benchmarkFunction = regexp.MustCompile(`(?m)^func Benchmark[A-Z_]?\w*\(`)

// benchmarkPackages returns the directories below root whose tests have
// benchmarks.
func benchmarkPackages(root string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if benchmarkFunction.Match(text) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
		return nil
	})
	slices.Sort(dirs)
	return dirs, err
}

// measure runs the benchmarks of a package.
func measure(dir, benchtime string) (pkg, error) {
	command := exec.Command("go", "test", "-run", "^$", "-bench", ".", "-benchmem", "-benchtime", benchtime, "-timeout", "60m", ".")
	command.Dir = filepath.FromSlash(dir)
	out, err := command.CombinedOutput()
	if err != nil {
		return pkg{}, fmt.Errorf("%s: %w\n%s", dir, err, out)
	}
	return parse(dir, string(out)), nil
}

// parse reads what go test prints.
func parse(dir, out string) pkg {
	p := pkg{Dir: dir}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "--- SKIP: "):
			p.LeftOut = append(p.LeftOut, strings.TrimPrefix(fields[2], "Benchmark"))
		case strings.HasPrefix(line, "Benchmark") && len(fields) >= 4 && len(fields)%2 == 0:
			b := benchmark{Name: strings.TrimPrefix(withoutProcessors(fields[0]), "Benchmark"), Metrics: make(map[string]float64)}
			for i := 2; i+1 < len(fields); i += 2 {
				if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
					b.Metrics[fields[i+1]] = value
				}
			}
			p.Benchmarks = append(p.Benchmarks, b)
		}
	}
	return p
}

var processors = regexp.MustCompile(`-\d+$`)

func withoutProcessors(name string) string { return processors.ReplaceAllString(name, "") }
