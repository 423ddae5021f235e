package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// cover is the command cover. A module's figure counts every statement of all
// its packages, covered by any of its tests; not by those of other modules.
func cover(args []string) error {
	flags := flag.NewFlagSet("cover", flag.ExitOnError)
	least := flags.Float64("min", 0, "fail below this `percent`age")
	html := flags.String("html", "", "write all lines of all modules to this `file`")
	_ = flags.Parse(args)

	_, tree, err := modules.Load()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "cover")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	var merged strings.Builder
	merged.WriteString("mode: set\n")
	var wrong []error
	for i, m := range tree {
		if flags.NArg() > 0 && !slices.Contains(flags.Args(), m.Dir) {
			continue
		}
		profile := filepath.Join(temp, strconv.Itoa(i))
		percent, err := coverModule(m.Dir, profile)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", m.Dir, err))
			continue
		}
		fmt.Printf("%-16s %5.1f %% of statements\n", m.Dir, percent)
		if percent < *least {
			wrong = append(wrong, fmt.Errorf("%s: %.1f %% of statements covered, want %.1f %%", m.Dir, percent, *least))
		}
		text, err := os.ReadFile(profile)
		if err != nil {
			return err
		}
		merged.WriteString(strings.TrimPrefix(string(text), "mode: set\n"))
	}
	if *html != "" {
		profile := filepath.Join(temp, "merged")
		if err := os.WriteFile(profile, []byte(merged.String()), 0o666); err != nil {
			return err
		}
		_, err := goIn(".", "tool", "cover", "-html="+profile, "-o", *html)
		wrong = append(wrong, err)
		fmt.Println("lines: " + *html)
	}
	return errors.Join(wrong...)
}

var totalLine = regexp.MustCompile(`(?m)^total:\s+\(statements\)\s+([0-9.]+)%$`)

// coverModule runs the tests of the module in dir, writes the profile and
// returns the percentage of statements.
func coverModule(dir, profile string) (float64, error) {
	if out, err := goIn(dir, "test", "-covermode=set", "-coverpkg=./...", "-coverprofile="+profile, "./..."); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	out, err := goIn(dir, "tool", "cover", "-func="+profile)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	total := totalLine.FindStringSubmatch(out)
	if total == nil {
		return 0, errors.New("no total in the coverage profile")
	}
	return strconv.ParseFloat(total[1], 64)
}

// goIn runs the go command in dir, without the workspace unless dir is the
// root, and returns all that it prints.
func goIn(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = filepath.FromSlash(dir)
	if dir != "." {
		cmd.Env = append(os.Environ(), "GOWORK=off")
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}
