package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// vulnerabilities is the command vulnerabilities. It runs govulncheck in every
// module, and fails on what a module that users get calls of one with a known
// vulnerability. What else is found is printed alone: that of Go itself, which
// is gone with the Go of whoever builds a program, and that of modules that are
// never tagged, whose tests may have to wait for a version that needs no newer
// Go than theirs.
func vulnerabilities(args []string) error {
	flags := flag.NewFlagSet("vulnerabilities", flag.ExitOnError)
	database := flags.String("db", "", "`URL` of the database, for govulncheck")
	program := flags.String("program", "govulncheck", "`name` of the program")
	_ = flags.Parse(args)

	_, tree, err := modules.Load()
	if err != nil {
		return err
	}
	tagged, err := modules.Tagged(tree)
	if err != nil {
		return err
	}
	arguments := []string{"-format", "json", "./..."}
	if *database != "" {
		arguments = append([]string{"-db", *database}, arguments...)
	}
	found := make(vulnerable)
	for _, m := range tree {
		out, err := modules.Run(filepath.FromSlash(m.Dir), []string{"GOWORK=off"}, *program, arguments...)
		if err == nil {
			err = found.add(m.Dir, strings.NewReader(out))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Dir, err)
		}
	}
	fmt.Printf("%d modules looked at\n", len(tree))
	return found.report(os.Stdout, tagged)
}

// A finding is what the code calls and should not.
type finding struct {
	ID, Module, Version, Fixed string
}

// vulnerable has the modules of the repository for each finding.
type vulnerable map[finding][]string

// add takes what govulncheck printed about one module of the repository. Of a
// vulnerability it prints several findings, from the module that is required
// to the function that is called; only the last kind counts.
func (v vulnerable) add(dir string, out io.Reader) error {
	scanned := false
	for decoder := json.NewDecoder(out); ; {
		var message struct {
			Config  *struct{}
			Finding *struct {
				OSV          string
				FixedVersion string `json:"fixed_version"`
				Trace        []struct{ Module, Version, Function string }
			}
		}
		switch err := decoder.Decode(&message); {
		case errors.Is(err, io.EOF) && !scanned:
			return errors.New("govulncheck printed nothing")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		scanned = scanned || message.Config != nil
		if f := message.Finding; f != nil && len(f.Trace) > 0 && f.Trace[0].Function != "" {
			found := finding{f.OSV, f.Trace[0].Module, f.Trace[0].Version, f.FixedVersion}
			if !slices.Contains(v[found], dir) {
				v[found] = append(v[found], dir)
			}
		}
	}
}

// report prints the findings, and returns an error for those that are not of
// Go itself and concern a tagged module.
func (v vulnerable) report(out io.Writer, tagged []modules.Module) error {
	isTagged := func(dir string) bool {
		return slices.ContainsFunc(tagged, func(m modules.Module) bool { return m.Dir == dir })
	}
	var lines []string
	var wrong []error
	for found, dirs := range v {
		line := fmt.Sprintf("%s: %s %s, fixed in %s, called by %s",
			found.ID, found.Module, found.Version, cmp.Or(found.Fixed, "no version"), strings.Join(dirs, ", "))
		lines = append(lines, line)
		ofGo := found.Module == "stdlib" || found.Module == "toolchain"
		if !ofGo && slices.ContainsFunc(dirs, isTagged) {
			wrong = append(wrong, errors.New(line))
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
	return errors.Join(wrong...)
}
