package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// table returns all metrics of a package.
func table(p pkg) string {
	var turns, plain []benchmark
	for _, b := range p.Benchmarks {
		if len(b.contestants()) > 0 {
			turns = append(turns, b)
		} else {
			plain = append(plain, b)
		}
	}
	if len(turns)+len(plain) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<details><summary>All numbers</summary>\n\n")
	if len(turns) > 0 {
		b.WriteString("| benchmark | contestant | time | allocations | the first takes |\n|---|---|---|---|---|\n")
		for _, t := range turns {
			b.WriteString(t.rows())
		}
		b.WriteString("\n")
	}
	if len(plain) > 0 {
		b.WriteString("| benchmark | time | memory | allocations | more |\n|---|---|---|---|---|\n")
		for _, t := range plain {
			b.WriteString(t.row())
		}
		b.WriteString("\n")
	}
	b.WriteString("</details>\n\n")
	return b.String()
}

// Units of those benchmarks that compare some contestants in one run.
const (
	timeUnit    = "-ns"     // behind the name of each
	allocations = "-allocs" // the same
	comparison  = "x-of-"   // before the name of one: how often its time the first one took
)

// contestants returns the names of those that took turns, the one that is
// compared with the others first; none, if a benchmark is of one alone.
func (b benchmark) contestants() []string {
	var first, others []string
	for unit := range b.Metrics {
		name, ok := strings.CutSuffix(unit, timeUnit)
		if !ok {
			continue
		}
		if _, compared := b.Metrics[comparison+name]; compared {
			others = append(others, name)
		} else {
			first = append(first, name)
		}
	}
	slices.Sort(first)
	slices.Sort(others)
	return append(first, others...)
}

// rows returns a row for each contestant. What the testing package counts
// itself is of all of them together, and left out.
func (b benchmark) rows() string {
	var rows strings.Builder
	title := title(b.Name)
	for _, name := range b.contestants() {
		var allocs, ratio string
		if n, ok := b.Metrics[name+allocations]; ok {
			allocs = number(n)
		}
		if x, ok := b.Metrics[comparison+name]; ok {
			ratio = "× " + number(x)
		}
		fmt.Fprintf(&rows, "| %s | %s | %s | %s | %s |\n", title, name, duration(b.Metrics[name+timeUnit]), allocs, ratio)
		title = ""
	}
	return rows.String()
}

// row returns the row of a benchmark of one alone.
func (b benchmark) row() string {
	columns := map[string]string{}
	var units []string
	for unit, value := range b.Metrics {
		switch unit {
		case "ns/op":
			columns[unit] = duration(value)
		case "B/op":
			columns[unit] = number(value) + " B"
		case "allocs/op":
			columns[unit] = number(value)
		default:
			units = append(units, unit)
		}
	}
	slices.Sort(units)
	var more []string
	for _, unit := range units {
		more = append(more, number(b.Metrics[unit])+" "+unit)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
		title(b.Name), columns["ns/op"], columns["B/op"], columns["allocs/op"], strings.Join(more, ", "))
}

// title returns the name of a benchmark as one reads it.
func title(name string) string { return strings.ReplaceAll(name, "_", " ") }

// duration writes nanoseconds with three significant digits.
func duration(ns float64) string {
	for _, unit := range []string{"ns", "µs", "ms"} {
		if ns < 1000 {
			return number(ns) + " " + unit
		}
		ns /= 1000
	}
	return number(ns) + " s"
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
