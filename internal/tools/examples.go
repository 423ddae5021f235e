package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// examples is the command examples. Every program of the examples module runs
// to its end without arguments, and once more with each testdata/*.jsonl of its
// own as standard input. So do the go run lines that README shows.
func examples([]string) error {
	lines, err := exampleLines()
	if err != nil {
		return err
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	shown := shellLines(string(readme))
	if !slices.Contains(shown, "go test work") {
		return errors.New("README.md: no line \"go test work\" in an sh block")
	}
	for _, text := range shown {
		if strings.Contains(text, "go run ./") && !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	var wrong []error
	for _, text := range lines {
		fmt.Printf("\n$ %s\n", text)
		if err := shell(text); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", text, err))
		}
	}
	return errors.Join(wrong...)
}

// exampleLines returns the command lines that run the examples.
func exampleLines() ([]string, error) {
	out, err := goIn(".", "list", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./examples/...")
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	var lines []string
	for pkg := range strings.FieldsSeq(out) {
		_, rest, _ := strings.Cut(pkg, "/examples/")
		dir := path.Join("examples", rest)
		lines = append(lines, "go run ./"+dir)
		inputs, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "testdata", "*.jsonl"))
		if err != nil {
			return nil, err
		}
		for _, input := range inputs {
			lines = append(lines, "go run ./"+dir+" < "+filepath.ToSlash(input))
		}
	}
	if len(lines) == 0 {
		return nil, errors.New("no example program found")
	}
	return lines, nil
}

var shellBlock = regexp.MustCompile("(?ms)^```(?:sh|bash|shell|console)\n(.*?)^```")

// shellLines returns the lines of a Markdown text's shell blocks, without
// prompts and comments.
func shellLines(markdown string) []string {
	var lines []string
	for _, block := range shellBlock.FindAllStringSubmatch(markdown, -1) {
		for text := range strings.Lines(block[1]) {
			text, _, _ = strings.Cut(text, " #")
			text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "$ "))
			if text != "" && !strings.HasPrefix(text, "#") {
				lines = append(lines, text)
			}
		}
	}
	return lines
}

// shell runs one command line, with no standard input, for at most two minutes.
func shell(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", text)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
