// Command release prepares the next releases of the modules of this
// repository, one stage at a time: core, then what is built on it, then the
// backends. See RELEASING.md.
//
//	go run ./internal/release          what the next stage would be
//	go run ./internal/release -write   prepare it: one commit, and the tags to make
//
// A stage is one commit, which raises requirements, tidies, and moves the
// lines of CHANGELOG.md from Unreleased to sections of their own. The tags are
// made and pushed by hand; the next stage is prepared when a module proxy
// serves them.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	write := flag.Bool("write", false, "write and commit the stage, instead of saying what it would be")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	r := repository{dir: ".", today: time.Now()}
	if err := r.release(*write, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}
