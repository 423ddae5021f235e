package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	fencedBlock = regexp.MustCompile("(?ms)^```.*?^```")
	inlineCode  = regexp.MustCompile("`[^`\n]*`")
	linkTarget  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading     = regexp.MustCompile(`(?m)^#+ +(.*)$`)
)

// links is the command links. It checks that what the Markdown files link to
// within the repository is there, headings too. Nothing is fetched.
func links([]string) error {
	var wrong []error
	checked := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (d.Name() == "testdata" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, target := range targets(string(text)) {
			checked++
			if err := checkLink(path, target); err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %s: %w", path, target, err))
			}
		}
		return nil
	})
	fmt.Printf("%d links\n", checked)
	return errors.Join(err, errors.Join(wrong...))
}

// targets returns what a Markdown text links to.
func targets(text string) []string {
	text = inlineCode.ReplaceAllString(fencedBlock.ReplaceAllString(text, ""), "`code`")
	var all []string
	for _, match := range linkTarget.FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	return all
}

func checkLink(from, target string) error {
	parsed, err := url.Parse(target)
	if err != nil {
		return err
	}
	if parsed.Scheme != "" {
		if parsed.Scheme != "https" || parsed.Host == "" {
			return errors.New("want a relative link, or https")
		}
		return nil
	}
	name := from
	if parsed.Path != "" {
		name = filepath.Join(filepath.Dir(from), filepath.FromSlash(parsed.Path))
	}
	if _, err := os.Stat(name); err != nil {
		return errors.New("it is not there")
	}
	if parsed.Fragment == "" {
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for _, match := range heading.FindAllStringSubmatch(fencedBlock.ReplaceAllString(string(text), ""), -1) {
		if anchor(match[1]) == parsed.Fragment {
			return nil
		}
	}
	return errors.New("there is no such heading")
}

// anchor returns the name that GitHub gives a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(heading)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
			b.WriteRune(r)
		}
	}
	return b.String()
}
