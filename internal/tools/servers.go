package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// tested is what tests ran against. They say so with the attributes backend,
// server and origin of testing.T, for themselves and their subtests.
type tested struct{ backend, server, origin string }

// tally is what came of the tests against it. Only tests without subtests
// count.
type tally struct {
	passed, skipped, failed int
	why                     string // the reason of the first skip
}

// servers collects what the tests of a run were run against.
type servers struct {
	named   map[string]tested // by package.Test
	parents map[string]bool   // tests that have subtests
	tallies map[tested]*tally

	attributes map[string]map[string]string // all of them, by package.Test
}

func newServers() servers {
	return servers{
		named: make(map[string]tested), parents: make(map[string]bool), tallies: make(map[tested]*tally),
		attributes: make(map[string]map[string]string),
	}
}

// note remembers an attribute of a test.
func (s *servers) note(test, key, value string) {
	if s.attributes[test] == nil {
		s.attributes[test] = make(map[string]string)
	}
	s.attributes[test][key] = value
	named, known := s.named[test]
	switch key {
	case "backend":
		named.backend = value
	case "server":
		named.server = value
	case "origin":
		named.origin = value
	default:
		if !known {
			return
		}
	}
	s.named[test] = named
}

// above returns the attribute of a test, or of the nearest test around it that
// has it.
func (s *servers) above(test, key string) string {
	for ok := true; ok; test, ok = parentOf(test) {
		if value := s.attributes[test][key]; value != "" {
			return value
		}
	}
	return ""
}

// begun notes that a test has begun, which makes its parent one.
func (s *servers) begun(test string) {
	if parent, ok := parentOf(test); ok {
		s.parents[parent] = true
	}
}

// parentOf returns the test around a subtest. A package has slashes, too.
func parentOf(test string) (string, bool) {
	end := strings.LastIndexByte(test, '/')
	if end < 0 || !strings.Contains(test[:end], ".Test") {
		return "", false
	}
	return test[:end], true
}

// ended counts a test. The reason is that of a skip.
func (s *servers) ended(test, action, reason string) {
	if s.parents[test] {
		return
	}
	named, ok := s.named[test]
	for up := test; !ok; {
		if up, ok = parentOf(up); !ok {
			return // it needs no server
		}
		named, ok = s.named[up]
	}
	t := s.tallies[named]
	if t == nil {
		t = new(tally)
		s.tallies[named] = t
	}
	switch action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
	case "skip":
		t.skipped++
		t.why = cmp.Or(t.why, reason)
	}
}

// print writes the table, if there is anything in it.
func (s *servers) print(w io.Writer) {
	if len(s.tallies) == 0 {
		return
	}
	var rows []tested
	for row := range s.tallies {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b tested) int {
		return cmp.Or(strings.Compare(a.backend, b.backend), strings.Compare(a.server, b.server), strings.Compare(a.origin, b.origin))
	})
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "backend\tserver\twhere it came from\tpassed\tskipped\tfailed")
	for _, row := range rows {
		t := s.tallies[row]
		skipped := fmt.Sprint(t.skipped)
		if t.why != "" {
			skipped += " (" + t.why + ")"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%d\n", row.backend, cmp.Or(row.server, "none"), cmp.Or(row.origin, "-"), t.passed, skipped, t.failed)
	}
	_ = table.Flush() // an error of w shows in what follows, too
}
