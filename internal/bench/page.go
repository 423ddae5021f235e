package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Units of those benchmarks that compare some contestants in one run.
const (
	timeUnit    = "-ns"     // behind the name of each
	allocations = "-allocs" // the same
	comparison  = "x-of-"   // before the name of one: how often its time the first one took
)

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
			if strings.HasPrefix(unit, comparison) {
				units = append(units, unit)
			}
		}
		slices.Sort(units)
		for _, unit := range units {
			all = append(all, ratio{b.Name + " / " + strings.TrimPrefix(unit, comparison), b.Metrics[unit]})
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
