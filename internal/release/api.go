package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// api is what became of a module's exported names.
type api struct {
	breaks, adds bool
	text         string
}

// compareAPI compares the module with its last version.
func (r repository) compareAPI(m modules.Module, last string) (api, error) {
	temp, err := os.MkdirTemp("", "release")
	if err != nil {
		return api{}, err
	}
	defer os.RemoveAll(temp)
	worktree := filepath.Join(temp, "old")
	if _, err := r.git("worktree", "add", "--detach", worktree, m.Dir+"/"+last); err != nil {
		return api{}, err
	}
	defer func() { _, _ = r.git("worktree", "remove", "--force", worktree) }()
	before, err := exported(filepath.Join(worktree, filepath.FromSlash(m.Dir)), m.Module.Path)
	if err != nil {
		return api{}, err
	}
	after, err := exported(filepath.Join(r.dir, filepath.FromSlash(m.Dir)), m.Module.Path)
	if err != nil {
		return api{}, err
	}
	report := apidiff.ModuleChanges(before, after)
	var result api
	for _, change := range report.Changes {
		result.adds = result.adds || change.Compatible
		result.breaks = result.breaks || !change.Compatible
	}
	result.text = report.String()
	return result, nil
}

// exported loads the packages of the module in a directory, without the
// workspace, less those that others cannot import.
func exported(dir, path string) (*apidiff.Module, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.LoadTypes | packages.NeedName | packages.NeedImports | packages.NeedDeps,
		Dir:  dir, Env: append(os.Environ(), "GOWORK=off"),
	}, "./...")
	if err != nil {
		return nil, err
	}
	module := &apidiff.Module{Path: path}
	var wrong []error
	for _, pkg := range loaded {
		for _, problem := range pkg.Errors {
			wrong = append(wrong, fmt.Errorf("%s: %w", pkg.PkgPath, problem))
		}
		if pkg.Name != "main" && !strings.Contains("/"+pkg.PkgPath+"/", "/internal/") {
			module.Packages = append(module.Packages, pkg.Types)
		}
	}
	return module, errors.Join(wrong...)
}
