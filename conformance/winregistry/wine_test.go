//go:build !windows

// The registry is part of Windows, so the tests of this package are for Windows:
// TestWine makes a program of them and runs it under Wine.
package winregistry_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

// TestWine runs the tests for Windows, of this package and of the module, and
// reports each as one of its own. KEYVALUE_TEST_WINE is the command that runs a
// program for Windows; testdata/wine-prefix.sh makes it.
func TestWine(t *testing.T) {
	t.Attr("backend", "winregistry")
	wine := os.Getenv("KEYVALUE_TEST_WINE")
	if wine == "" {
		servers.Missing(t, "wine", "no Wine: KEYVALUE_TEST_WINE is not set")
	}
	version, err := exec.CommandContext(t.Context(), wine, "--version").Output()
	if err != nil {
		t.Fatalf("asking Wine for its version: %v", err)
	}
	servers.Report(t, "winregistry", strings.TrimSpace(string(version)), "KEYVALUE_TEST_WINE")
	for name, path := range map[string]string{
		"conformance": "github.com/go-keyvalue/keyvalue/conformance/winregistry",
		"module":      "github.com/go-keyvalue/keyvalue/winregistry",
	} {
		t.Run(name, func(t *testing.T) {
			program, dir := build(t, path)
			report(t, run(t, wine, program, dir))
		})
	}
}

// build makes a program of a package's tests and returns it with the folder of
// the package.
func build(t *testing.T, path string) (program, dir string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "tests.exe")
	forWindows := append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS="+plainFlags())
	compile := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", program, path)
	compile.Env = forWindows
	if output, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("building the tests for Windows: %v\n%s", err, output)
	}
	list := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", path)
	list.Env = forWindows
	folder, err := list.Output()
	if err != nil {
		t.Fatalf("looking for the folder of %s: %v", path, err)
	}
	return program, strings.TrimSpace(string(folder))
}

// plainFlags are the flags of this test's go command without those that do not
// go with a program for another system.
func plainFlags() string {
	flags := strings.Fields(os.Getenv("GOFLAGS"))
	return strings.Join(slices.DeleteFunc(flags, func(flag string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		return name == "race" || name == "json" || strings.HasPrefix(name, "cover")
	}), " ")
}

// event is a line of go tool test2json; see its documentation.
type event struct {
	Action, Test, Output, Key, Value string
}

// run runs the program and returns what its tests said, and an error if it did
// not end well.
func run(t *testing.T, wine, program, dir string) []event {
	t.Helper()
	arguments := []string{program, "-test.v=test2json", "-test.paniconexit0", "-test.timeout=5m"}
	if testing.Short() {
		arguments = append(arguments, "-test.short")
	}
	tests := exec.CommandContext(t.Context(), wine, arguments...)
	tests.Dir = dir
	said, stderr := io.Pipe()
	tests.Stdout, tests.Stderr = stderr, stderr
	convert := exec.CommandContext(t.Context(), "go", "tool", "test2json")
	convert.Stdin = said
	converted, err := convert.StdoutPipe()
	if err := errors.Join(err, convert.Start(), tests.Start()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		err := tests.Wait()
		stderr.Close()
		ended <- err
	}()
	events := read(t, converted)
	if err := errors.Join(<-ended, convert.Wait()); err != nil {
		t.Errorf("running the tests under Wine: %v", err)
	}
	return events
}

func read(t *testing.T, converted io.Reader) []event {
	t.Helper()
	var events []event
	lines := bufio.NewReader(converted)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if err := json.Unmarshal(line, &e); err != nil {
				t.Errorf("test2json wrote %q: %v", line, err)
			}
			events = append(events, e)
		}
		if err == io.EOF {
			return events
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// result is what became of a test under Windows.
type result struct {
	name, action string // of the last: pass, fail, skip
	attributes   [][2]string
	output       strings.Builder
	subtests     []*result
}

// report makes a subtest of each test that there are events for.
func report(t *testing.T, events []event) {
	t.Helper()
	whole := gather(events)
	if len(whole.subtests) == 0 {
		t.Errorf("no test ran:\n%s", whole.output.String())
	}
	for _, r := range whole.subtests {
		r.repeat(t)
	}
	if t.Failed() {
		t.Log(whole.output.String())
	}
}

// gather puts the events in the order of tests. The first result is of none.
func gather(events []event) *result {
	whole := new(result)
	results := map[string]*result{"": whole}
	for _, e := range events {
		r := results[e.Test]
		if r == nil {
			above, name := "", e.Test
			if slash := strings.LastIndexByte(e.Test, '/'); slash >= 0 {
				above, name = e.Test[:slash], e.Test[slash+1:]
			}
			r = &result{name: name}
			results[e.Test] = r
			results[above].subtests = append(results[above].subtests, r)
		}
		switch e.Action {
		case "attr":
			r.attributes = append(r.attributes, [2]string{e.Key, e.Value})
		case "output":
			r.output.WriteString(e.Output)
		case "pass", "fail", "skip":
			r.action = e.Action
		}
	}
	return whole
}

// repeat is a test that ends as the one under Windows did. A skip is a failure:
// nothing is missing there.
func (r *result) repeat(t *testing.T) {
	t.Run(r.name, func(t *testing.T) {
		for _, attribute := range r.attributes {
			t.Attr(attribute[0], attribute[1])
		}
		for _, sub := range r.subtests {
			sub.repeat(t)
		}
		if r.action != "pass" {
			t.Errorf("the test ended with %q:\n%s", r.action, r.output.String())
		}
	})
}
