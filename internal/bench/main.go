// Command bench runs every benchmark of the repository on the machine at hand,
// beside the raw drivers and the other libraries that the benchmarks compare
// with, and writes what came out as a page with plots: docs/performance.md.
//
// Run it from the repository's root, with the servers of .ci/servers in the
// environment; a benchmark whose server is missing is left out, and named.
//
//	go run ./internal/bench                 all of it, which takes a while
//	go run ./internal/bench -only memory    these packages anew, the rest as it was
//	go run ./internal/bench -render         the page alone, from the last results
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

const (
	pageFile    = "docs/performance.md"
	plotDir     = "docs/performance"
	resultsFile = plotDir + "/results.json"
)

func main() {
	only := flag.String("only", "", "run the packages that match this `regexp`, and keep the last results of the others")
	benchtime := flag.String("benchtime", "1s", "the `duration` or count of each benchmark, as go test takes it")
	render := flag.Bool("render", false, "run nothing")
	flag.Parse()
	if err := run(*only, *benchtime, *render); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(only, benchtime string, render bool) error {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	last, err := read()
	if err != nil && (render || !errors.Is(err, fs.ErrNotExist)) {
		return err
	}
	if render {
		return writePage(last)
	}
	// What was measured is kept where a package fails, as it took a while.
	result, failed := measureAll(pattern, benchtime, last)
	return errors.Join(failed, write(result), writePage(result))
}

// measureAll runs the packages that match, and keeps the last run of the rest,
// and of those that fail.
func measureAll(pattern *regexp.Regexp, benchtime string, last report) (report, error) {
	packages, err := benchmarkPackages(".")
	if err != nil {
		return last, err
	}
	machine, err := thisMachine()
	if err != nil {
		return last, err
	}
	result := report{Machine: machine}
	var failed []error
	for _, dir := range packages {
		if pattern.MatchString(dir) {
			fmt.Println(dir)
			measured, err := measure(dir, benchtime)
			if err == nil {
				if !measured.empty() {
					result.Packages = append(result.Packages, measured)
				}
				continue
			}
			failed = append(failed, err)
		}
		if i := slices.IndexFunc(last.Packages, func(p pkg) bool { return p.Dir == dir }); i >= 0 {
			result.Packages = append(result.Packages, last.Packages[i])
		}
	}
	return result, errors.Join(failed...)
}

func read() (report, error) {
	var r report
	text, err := os.ReadFile(filepath.FromSlash(resultsFile))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

func write(r report) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.FromSlash(plotDir), 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.FromSlash(resultsFile), append(text, '\n'), 0o666)
}
