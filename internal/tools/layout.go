package main

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// checkLayout is the command layout.
func checkLayout([]string) error {
	w, tree, err := modules.Load()
	if err != nil {
		return err
	}
	if err := layoutErrors(w, tree); err != nil {
		return err
	}
	fmt.Printf("%d modules, all in go.work; core requires nothing\n", len(tree))
	return nil
}

// layoutErrors returns what is wrong with the tree, by these rules:
//
//   - go.work lists every module, nothing else, and replaces nothing;
//   - a module's path ends in its directory, which is its tag's prefix too;
//   - core requires nothing;
//   - a module that requires another one of the tree replaces it by its
//     directory, so that it builds before the first tag and outside go.work.
func layoutErrors(w modules.Workspace, tree []modules.Module) error {
	var wrong []error
	fail := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }

	if len(w.Replace) > 0 {
		fail("go.work: replace lines belong into go.mod files")
	}
	used := make(map[string]bool)
	for _, u := range w.Use {
		used[path.Clean(u.DiskPath)] = true
	}
	dirs := make(map[string]string) // module path to directory
	for _, m := range tree {
		dirs[m.Module.Path] = m.Dir
		if !used[m.Dir] {
			fail("go.work: no line for ./%s", m.Dir)
		}
		delete(used, m.Dir)
	}
	for dir := range used {
		fail("go.work: %s has no go.mod", dir)
	}

	for _, m := range tree {
		if !strings.HasSuffix(m.Module.Path, "/"+m.Dir) {
			fail("%s/go.mod: the path %s does not end in the directory", m.Dir, m.Module.Path)
		}
		if m.Dir == "core" && len(m.Require)+len(m.Replace) > 0 {
			fail("core/go.mod: core requires nothing but the standard library")
		}
		replaced := make(map[string]string)
		for _, r := range m.Replace {
			replaced[r.Old.Path] = r.New.Path
		}
		for _, r := range m.Require {
			sibling, ok := dirs[r.Path]
			if ok && path.Join(m.Dir, replaced[r.Path]) != sibling {
				fail("%s/go.mod: %s is required but not replaced by its directory", m.Dir, r.Path)
			}
		}
	}
	return errors.Join(wrong...)
}
