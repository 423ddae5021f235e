package main

import (
	"path"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// affected returns the modules that changes of these files may affect: their
// own, and those that require them. What belongs to no module, such as the
// workflows, affects all.
func affected(changed []string, tree []modules.Module) []modules.Module {
	dirs := make(map[string]bool)
	byPath := make(map[string]string)
	for _, m := range tree {
		dirs[m.Dir], byPath[m.Module.Path] = true, m.Dir
	}
	hit := make(map[string]bool)
	for _, name := range changed {
		owner := path.Dir(name)
		for owner != "." && !dirs[owner] {
			owner = path.Dir(owner)
		}
		switch {
		case owner != ".":
			hit[owner] = true
		case path.Ext(name) != ".md":
			return tree
		}
	}
	for grown := true; grown; {
		grown = false
		for _, m := range tree {
			for _, required := range m.Require {
				if hit[byPath[required.Path]] && !hit[m.Dir] {
					hit[m.Dir], grown = true, true
				}
			}
		}
	}
	var all []modules.Module
	for _, m := range tree {
		if hit[m.Dir] {
			all = append(all, m)
		}
	}
	return all
}

// changedSince returns the files that differ from a revision.
func changedSince(revision string) ([]string, error) {
	out, err := modules.Run(".", nil, "git", "diff", "--name-only", revision+"...HEAD")
	return strings.Fields(out), err
}
