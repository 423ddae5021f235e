package main

import (
	"fmt"
	"slices"
	"strings"
)

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
