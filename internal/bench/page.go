package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ratioUnit matches the units of metrics that compare two contestants of one
// run: how often the time of the other one ours took.
var ratioUnit = regexp.MustCompile(`^(x-of-.+|ratio)$`)

// A ratio is one bar of a plot.
type ratio struct {
	name  string
	value float64
}

// ratios returns the ratios of a package, in the order of its benchmarks.
func (p pkg) ratios() []ratio {
	var all []ratio
	for _, b := range p.Benchmarks {
		var units []string
		for unit := range b.Metrics {
			if ratioUnit.MatchString(unit) {
				units = append(units, unit)
			}
		}
		slices.Sort(units)
		for _, unit := range units {
			name := b.Name
			if against, ok := strings.CutPrefix(unit, "x-of-"); ok {
				name += " / " + against
			}
			all = append(all, ratio{name, b.Metrics[unit]})
		}
	}
	return all
}

const head = `# Performance

What the benchmarks beside the code measured in one run of ` + "`go run ./internal/bench`" + `, on this machine:

> %s

Where two are compared they run by turns, in one process and on the same data; a bar is how many times as long the first
one took, so **below 1 is faster**. Absolute times are of this machine and its load: measure yours.
The goals and what stands in their way are in the README of each module.

`

// writePage writes the page and its plots.
func writePage(r report) error {
	var page strings.Builder
	fmt.Fprintf(&page, head, r.Machine)
	if err := os.MkdirAll(filepath.FromSlash(plotDir), 0o777); err != nil {
		return err
	}
	for _, p := range r.Packages {
		fmt.Fprintf(&page, "## %s\n\n", p.Dir)
		if ratios := p.ratios(); len(ratios) > 0 {
			name := strings.ReplaceAll(p.Dir, "/", "-") + ".svg"
			if err := os.WriteFile(filepath.Join(filepath.FromSlash(plotDir), name), []byte(plot(ratios)), 0o666); err != nil {
				return err
			}
			fmt.Fprintf(&page, "![ratios of %s](performance/%s)\n\n", p.Dir, name)
		}
		page.WriteString(table(p))
		if len(p.LeftOut) > 0 {
			fmt.Fprintf(&page, "Left out, for want of a server: %s.\n\n", strings.Join(p.LeftOut, ", "))
		}
	}
	return os.WriteFile(filepath.FromSlash(pageFile), []byte(strings.TrimRight(page.String(), "\n")+"\n"), 0o666)
}

// table returns all metrics of a package.
func table(p pkg) string {
	if len(p.Benchmarks) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<details><summary>All numbers</summary>\n\n| benchmark | metrics |\n|---|---|\n")
	for _, benchmark := range p.Benchmarks {
		var units []string
		for unit, value := range benchmark.Metrics {
			if !(unit == "ns/op" && value == 0) { // of turns, which have times of their own
				units = append(units, unit)
			}
		}
		slices.Sort(units)
		var metrics []string
		for _, unit := range units {
			metrics = append(metrics, number(benchmark.Metrics[unit])+" "+unit)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.ReplaceAll(benchmark.Name, "_", " "), strings.Join(metrics, ", "))
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// number writes three significant digits.
func number(value float64) string {
	switch {
	case value >= 100 || value == float64(int(value)):
		return fmt.Sprintf("%.0f", value)
	case value >= 10:
		return fmt.Sprintf("%.1f", value)
	default:
		return fmt.Sprintf("%.2f", value)
	}
}
