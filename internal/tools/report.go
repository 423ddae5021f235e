package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// expectedSkips names the tests, as package.Test, that may be skipped, with the
// reason. It is nearly empty on purpose: what is not run is not tested.
var expectedSkips = skips("the daemon of the Secret Service writes all items again for each, and these cases have a thousand",
	"conformance/keyring.TestConformanceSecretService/",
	"bulk-of-1000", "destroy-collection-with-many", "keys-calling-the-store", "keys-cancelled-inside", "keys-deleted-while-listed")

// skips returns the reason for each test of the package.
func skips(reason, prefix string, names ...string) map[string]string {
	all := make(map[string]string)
	for _, name := range names {
		all["github.com/go-keyvalue/keyvalue/"+prefix+name] = reason
	}
	return all
}

// report is the command report. go test alone says nothing of skipped tests, so
// CI asks it for JSON (GOFLAGS=-json) and pipes it through here.
func report(args []string) error {
	flags := flag.NewFlagSet("report", flag.ExitOnError)
	count := flags.String("count", "", "write the closing line to this `file` too")
	found := flags.String("results", "", "write what the conformance suite found out to this `file`")
	_ = flags.Parse(args)

	r := newReporter(os.Stdout)
	if err := r.read(os.Stdin); err != nil {
		return err
	}
	r.servers.print(os.Stdout)
	line := fmt.Sprintf("tests: %d passed, %d failed, %d skipped\n", r.passed, r.failed, len(r.skips))
	fmt.Print("\n", line)
	if *count != "" {
		if err := os.WriteFile(*count, []byte(line), 0o666); err != nil {
			return err
		}
	}
	if *found != "" {
		all, err := suiteResults(r.servers.attributes, r.servers.above)
		if err != nil {
			fmt.Println("note:", err) // the first is what the documentation tells
		}
		if err := all.write(*found); err != nil {
			return err
		}
	}
	return r.err(expectedSkips)
}

// An event is one line of go test -json; see go doc test2json.
type event struct {
	Action, Package, Test, Output, ImportPath string
	Key, Value                                string // of an attribute
}

// An outputLine is one line that a test, or the package if it has no name, wrote.
type outputLine struct{ test, text string }

// A reporter turns events back into the text that go test prints without -v:
// a line for each package, and all that failing tests wrote.
type reporter struct {
	w              io.Writer
	passed, failed int
	skips          []string                // package.Test of every skipped test
	output         map[string][]outputLine // by package, until it ends
	quiet          map[string]bool         // tests that passed or were skipped
	blamed         map[string]bool         // packages with a test that failed
	servers        servers
}

func newReporter(w io.Writer) *reporter {
	return &reporter{
		w:       w,
		output:  make(map[string][]outputLine),
		quiet:   make(map[string]bool),
		blamed:  make(map[string]bool),
		servers: newServers(),
	}
}

func (r *reporter) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		text, err := lines.ReadBytes('\n')
		if len(text) > 0 {
			var e event
			if json.Unmarshal(text, &e) == nil && e.Action != "" {
				r.event(e)
			} else {
				fmt.Fprintf(r.w, "%s", text)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *reporter) event(e event) {
	test := e.Package + "." + e.Test
	switch {
	case e.Action == "run":
		r.servers.begun(test)
	case e.Action == "attr":
		r.servers.note(test, e.Key, e.Value)
	case e.Action == "build-output":
		fmt.Fprint(r.w, e.Output)
	case e.Action == "output":
		r.output[e.Package] = append(r.output[e.Package], outputLine{e.Test, e.Output})
	case e.Action != "pass" && e.Action != "fail" && e.Action != "skip":
		// Starts, pauses and the like say nothing that go test prints.
	case e.Test == "":
		if e.Action == "fail" && !r.blamed[e.Package] {
			r.failed++ // it does not build, or ended early
		}
		r.flush(e.Package)
	case e.Action == "pass":
		r.passed++
		r.quiet[test] = true
		r.servers.ended(test, e.Action, "")
	case e.Action == "skip":
		r.skips = append(r.skips, test)
		r.quiet[test] = true
		r.servers.ended(test, e.Action, r.reason(e))
	case e.Action == "fail":
		r.failed++
		r.blamed[e.Package] = true
		r.servers.ended(test, e.Action, "")
	}
}

// reason returns what a skipped test said last, without the place.
func (r *reporter) reason(e event) string {
	reason := ""
	for _, line := range r.output[e.Package] {
		if line.test == e.Test && strings.HasPrefix(line.text, "    ") {
			_, after, ok := strings.Cut(line.text, ".go:")
			if _, text, cut := strings.Cut(after, ": "); ok && cut {
				reason = strings.TrimSpace(text)
			}
		}
	}
	return reason
}

// flush prints the output of a package that has ended, without that of its
// tests that did not fail.
func (r *reporter) flush(pkg string) {
	for _, line := range r.output[pkg] {
		noise := line.test == "" && line.text == "PASS\n" ||
			line.test != "" && (r.quiet[pkg+"."+line.test] || strings.HasPrefix(line.text, "=== "))
		if !noise {
			fmt.Fprint(r.w, line.text)
		}
	}
	delete(r.output, pkg)
}

// err returns what makes the run a failure. The exit status of go test itself
// is the pipeline's business.
func (r *reporter) err(expected map[string]string) error {
	var wrong []error
	if r.failed > 0 {
		wrong = append(wrong, errors.New("tests failed"))
	}
	if r.passed == 0 {
		wrong = append(wrong, errors.New("no test was run"))
	}
	slices.Sort(r.skips)
	for _, name := range r.skips {
		if expected[name] == "" {
			wrong = append(wrong, fmt.Errorf("skipped, and not in expectedSkips: %s", name))
		}
	}
	return errors.Join(wrong...)
}
