// Package modules finds the modules of the repository, for its own programs.
package modules

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Module is one go.mod file of the tree, as go mod edit -json prints it.
type Module struct {
	Dir     string `json:"-"` // slash-separated, relative to the root
	Module  struct{ Path string }
	Go      string
	Require []struct {
		Path, Version string
		Indirect      bool
	}
	Replace []Replacement
}

// A Replacement is a replace line.
type Replacement struct {
	Old, New struct{ Path, Version string }
}

// A Workspace is the root's go.work, as go work edit -json prints it.
type Workspace struct {
	Go      string
	Use     []struct{ DiskPath string }
	Replace []Replacement
}

// Find returns the modules below root, sorted by directory. Like the
// go command it passes over testdata, vendor and names with a leading . or _.
func Find(root string) ([]Module, error) {
	var found []Module
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root &&
			(name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return filepath.SkipDir
		}
		if d.IsDir() || name != "go.mod" {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		m := Module{Dir: filepath.ToSlash(dir)}
		if err := GoJSON(&m, filepath.Dir(path), "mod", "edit", "-json"); err != nil {
			return err
		}
		found = append(found, m)
		return nil
	})
	slices.SortFunc(found, func(a, b Module) int { return strings.Compare(a.Dir, b.Dir) })
	return found, err
}

// Load returns the workspace and the modules of the working directory,
// which must be the repository's root.
func Load() (Workspace, []Module, error) {
	var w Workspace
	if _, err := os.Stat("go.work"); err != nil {
		return w, nil, errors.New("no go.work here: run it from the repository's root")
	}
	if err := GoJSON(&w, ".", "work", "edit", "-json"); err != nil {
		return w, nil, err
	}
	modules, err := Find(".")
	return w, modules, err
}

// GoJSON runs the go command in dir and decodes what it prints into v.
func GoJSON(v any, dir string, args ...string) error {
	out, err := Run(dir, nil, "go", args...)
	if err != nil {
		return fmt.Errorf("in %s: %w", dir, err)
	}
	return json.Unmarshal([]byte(out), v)
}
