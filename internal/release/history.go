package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// checkHistory returns an error if the changelog's section of a version that is
// tagged is no longer as it was then: what users have read of a release stays.
func (r repository) checkHistory() error {
	tags, err := r.git("tag", "--list", "*/v*")
	if err != nil {
		return err
	}
	now, err := os.ReadFile(filepath.Join(r.dir, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	var wrong []error
	for tag := range strings.FieldsSeq(tags) {
		then, err := r.git("show", tag+":CHANGELOG.md")
		if err != nil {
			return err
		}
		if section := sectionOf(then, tag); sectionOf(string(now), tag) != section {
			wrong = append(wrong, fmt.Errorf("CHANGELOG.md says something else of %s than it did when that was tagged", tag))
		}
	}
	return errors.Join(wrong...)
}

// sectionOf returns the section of a version from its date on, or nothing if
// there is none.
func sectionOf(changelog, tag string) string {
	_, section, ok := strings.Cut(changelog, "\n"+heading(tag))
	if !ok {
		return ""
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return strings.TrimRight(section, "\n")
}
