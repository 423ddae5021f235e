package main

import (
	"errors"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A target is one fuzz function.
type target struct{ pkg, name string }

// fuzz is the command fuzz. It runs the targets of the whole workspace, one
// after the other.
func fuzz(args []string) error {
	flags := flag.NewFlagSet("fuzz", flag.ExitOnError)
	each := flags.Duration("time", 10*time.Second, "`duration` for each target")
	total := flags.Duration("total", 0, "`duration` for all targets together, shared out evenly; 0 for no limit")
	_ = flags.Parse(args)

	out, err := goIn(".", "test", "-vet=off", "-run=^$", "-list=^Fuzz", "work")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	targets := parseTargets(out)
	if len(targets) == 0 {
		return errors.New("no fuzz target found")
	}
	if *total > 0 {
		*each = max(time.Second, min(*each, *total/time.Duration(len(targets))))
	}
	fmt.Printf("%d targets, %v each\n", len(targets), each.Round(time.Second/10))
	var wrong []error
	for _, t := range targets {
		// By default an input that is of interest is made smaller for a minute.
		out, err := goIn(".", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), "-fuzzminimizetime=100x", t.pkg)
		fmt.Printf("%s %s: %s\n", t.pkg, t.name, progress(out))
		if err != nil && !stopRace(out) {
			fmt.Println(out)
			wrong = append(wrong, fmt.Errorf("%s %s: %w", t.pkg, t.name, err))
		}
	}
	return errors.Join(wrong...)
}

// parseTargets reads what go test -list prints: the names of a package, then
// a line that ends them with the package's path.
func parseTargets(out string) []target {
	var all []target
	var names []string
	for text := range strings.Lines(out) {
		fields := strings.Fields(text)
		switch {
		case len(fields) == 1 && strings.HasPrefix(fields[0], "Fuzz"):
			names = append(names, fields[0])
		case len(fields) >= 2 && fields[0] == "ok":
			for _, name := range names {
				all = append(all, target{fields[1], name})
			}
			names = nil
		}
	}
	return all
}

var executions = regexp.MustCompile(`execs: \d+`)

// progress returns the last count that the fuzzer printed.
func progress(out string) string {
	all := executions.FindAllString(out, -1)
	if len(all) == 0 {
		return "no count printed"
	}
	return all[len(all)-1]
}

// stopRace reports whether the fuzzer failed only because its time was over
// while a worker was busy, which is go.dev/issue/75804 in Go 1.26 and before.
// A real finding always leaves an input behind.
func stopRace(out string) bool {
	_, failure, ok := strings.Cut(out, "--- FAIL: ")
	if !ok || strings.Contains(out, "Failing input written to") {
		return false
	}
	lines := strings.SplitN(failure, "\n", 3)
	return len(lines) > 1 && strings.TrimSpace(lines[1]) == "context deadline exceeded"
}
