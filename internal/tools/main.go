// Command tools does the repository's chores that would otherwise be loops in
// shell: it finds every module of the tree and runs something in each. The
// Makefile, .ci/run and the workflows in .github all call it, so that a module
// added tomorrow is built, tested, fuzzed and covered without a line changed.
//
// Run it from the repository's root:
//
//	go run ./internal/tools [command] [arguments]
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// A command is one chore. The first line of help is its usage.
type command struct {
	name string
	args string
	help string
	run  func(args []string) error
}

var commands = []command{
	{"modules", "", "print the directory of every module", printModules},
	{"layout", "", "check go.work, module paths and requirements", checkLayout},
	{"matrix", "[-since revision]", "print the job matrix for the workflows, as name=JSON lines", printMatrix},
	{"each", "command [argument ...]", "run a command in every module, with GOWORK=off", each},
	{"report", "[-count file] [-results file]", "read go test -json on standard input, print what go test prints, refuse skips", report},
	{"cover", "[-min percent] [-html file] [module ...]", "print each module's statement coverage", cover},
	{"fuzz", "[-time duration] [-total duration]", "run every fuzz target for a while", fuzz},
	{"generate", "[-check]", "write the generated parts of all Markdown files anew", generate},
	{"licences", "", "check the licences of what the tagged modules require", licences},
	{"links", "", "check what the Markdown files link to within the repository", links},
	{"results", "file", "fail unless the file says what conformance/results.json says", compareResults},
	{"vulnerabilities", "[-db URL] [-program name]", "run govulncheck in every module, and fail on what tagged ones call of other modules", vulnerabilities},
	{"examples", "", "run every example program and README's go run lines", examples},
}

func main() {
	if err := dispatch(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tools:", err)
		os.Exit(1)
	}
}

func dispatch(args []string) error {
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(args[1:])
			}
		}
	}
	var b strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&b, "\n  %s %s\n        %s", c.name, c.args, c.help)
	}
	return errors.New("usage: go run ./internal/tools command [arguments]\n" + b.String())
}
