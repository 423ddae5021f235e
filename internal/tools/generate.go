package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A generator writes the text between two lines of a Markdown file:
//
//	<!-- generated: name argument ... -->
//	<!-- end -->
type generator func(dir string, args []string) (string, error)

var generators = map[string]generator{
	"code":    codeBlock,
	"options": optionTables,
	"stores":  storeTable,
}

const (
	generatedStart = "<!-- generated: "
	generatedEnd   = "<!-- end -->"
)

// generate is the command generate. It writes the generated parts of all
// Markdown files anew, or with -check says which are out of date.
func generate(args []string) error {
	flags := flag.NewFlagSet("generate", flag.ExitOnError)
	check := flags.Bool("check", false, "fail on what is out of date instead of writing it")
	_ = flags.Parse(args)

	var wrong []error
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, err := generated(string(old), filepath.Dir(path))
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Errorf("%s: %w", path, err))
		case bytes.Equal(old, []byte(text)):
		case *check:
			wrong = append(wrong, fmt.Errorf("%s is out of date: go run ./internal/tools generate", path))
		default:
			fmt.Println(path)
			return os.WriteFile(path, []byte(text), 0o666)
		}
		return nil
	})
	return errors.Join(err, errors.Join(wrong...))
}

// generated returns the text of a file in dir with its parts written anew.
func generated(text, dir string) (string, error) {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, generatedStart)
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		call, rest, ok := strings.Cut(after, " -->\n")
		if !ok {
			return "", errors.New("a line " + generatedStart + "does not end")
		}
		_, rest, ok = strings.Cut(rest, generatedEnd)
		if !ok {
			return "", errors.New("no " + generatedEnd + " behind " + generatedStart + call)
		}
		words := strings.Fields(call)
		if len(words) == 0 || generators[words[0]] == nil {
			return "", fmt.Errorf("there is no generator %q", call)
		}
		part, err := generators[words[0]](dir, words[1:])
		if err != nil {
			return "", fmt.Errorf("%s: %w", call, err)
		}
		fmt.Fprintf(&b, "%s%s -->\n\n%s\n\n%s", generatedStart, call, strings.TrimSpace(part), generatedEnd)
		text = rest
	}
}
