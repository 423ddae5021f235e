package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A module is one go.mod file of the tree, as go mod edit -json prints it.
type module struct {
	Dir     string `json:"-"` // slash-separated, relative to the root
	Module  struct{ Path string }
	Go      string
	Require []struct{ Path, Version string }
	Replace []replacement
}

type replacement struct {
	Old, New struct{ Path, Version string }
}

// A workspace is the root's go.work, as go work edit -json prints it.
type workspace struct {
	Go      string
	Use     []struct{ DiskPath string }
	Replace []replacement
}

// findModules returns the modules below root, sorted by directory. Like the
// go command it passes over testdata, vendor and names with a leading . or _.
func findModules(root string) ([]module, error) {
	var found []module
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
		m := module{Dir: filepath.ToSlash(dir)}
		if err := goJSON(&m, filepath.Dir(path), "mod", "edit", "-json"); err != nil {
			return err
		}
		found = append(found, m)
		return nil
	})
	slices.SortFunc(found, func(a, b module) int { return strings.Compare(a.Dir, b.Dir) })
	return found, err
}

// loadTree returns the workspace and the modules of the working directory,
// which must be the repository's root.
func loadTree() (workspace, []module, error) {
	var w workspace
	if _, err := os.Stat("go.work"); err != nil {
		return w, nil, errors.New("no go.work here: run it from the repository's root")
	}
	if err := goJSON(&w, ".", "work", "edit", "-json"); err != nil {
		return w, nil, err
	}
	modules, err := findModules(".")
	return w, modules, err
}

// goJSON runs the go command in dir and decodes what it prints into v.
func goJSON(v any, dir string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go %s in %s: %w", strings.Join(args, " "), dir, err)
	}
	return json.Unmarshal(out, v)
}

func printModules([]string) error {
	_, modules, err := loadTree()
	for _, m := range modules {
		fmt.Println(m.Dir)
	}
	return err
}

// each runs the command args in every module as its users see it, without the
// workspace. It goes on after a failure and returns all of them.
func each(args []string) error {
	if len(args) == 0 {
		return errors.New("each: no command")
	}
	_, modules, err := loadTree()
	if err != nil {
		return err
	}
	var failures []error
	for _, m := range modules {
		fmt.Printf("%s: %s\n", m.Dir, strings.Join(args, " "))
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir, cmd.Env = filepath.FromSlash(m.Dir), append(os.Environ(), "GOWORK=off")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			failures = append(failures, fmt.Errorf("%s: %s: %w", m.Dir, strings.Join(args, " "), err))
		}
	}
	return errors.Join(failures...)
}
