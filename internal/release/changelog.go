package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

const unreleased = "## [Unreleased]\n"

// releaseNotes moves what the changelog says of the modules under Unreleased
// into sections with their versions, right below.
func releaseNotes(text string, stage []release, today time.Time) (string, error) {
	head, after, ok := strings.Cut(text, unreleased)
	if !ok {
		return "", errors.New("CHANGELOG.md has no section " + strings.TrimSpace(unreleased))
	}
	rest, released := after, ""
	if i := strings.Index(after, "\n## "); i >= 0 {
		rest, released = after[:i+1], after[i+1:]
	}
	var sections strings.Builder
	for _, release := range stage {
		before, lines, remaining, ok := cutModule(rest, release.module.Dir)
		if !ok || strings.TrimSpace(lines) == "" {
			return "", fmt.Errorf("CHANGELOG.md says nothing of %s under Unreleased", release.module.Dir)
		}
		rest = before + remaining
		// The headings within move up with their section.
		lines = strings.ReplaceAll("\n"+strings.Trim(lines, "\n")+"\n", "\n#### ", "\n### ")
		fmt.Fprintf(&sections, "%s%s\n%s\n", heading(release.tag()), today.Format(time.DateOnly), lines)
	}
	return head + unreleased + "\n" + strings.TrimLeft(rest, "\n") + sections.String() + released, nil
}

// heading returns how the section of a version begins, up to its date.
func heading(tag string) string {
	slash := strings.LastIndexByte(tag, '/')
	return "## " + tag[:slash] + " " + tag[slash+1:] + ", "
}

// cutModule cuts the part of a section that is about the module.
func cutModule(section, module string) (before, lines, after string, ok bool) {
	before, lines, ok = strings.Cut(section, "### "+module+"\n")
	if !ok || before != "" && !strings.HasSuffix(before, "\n") {
		return "", "", "", false
	}
	if i := strings.Index(lines, "\n### "); i >= 0 {
		lines, after = lines[:i+1], lines[i+1:]
	}
	return before, lines, after, true
}
