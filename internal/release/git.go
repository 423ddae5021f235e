package main

import (
	"errors"
	"path"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// git runs git in the repository.
func (r repository) git(args ...string) (string, error) {
	return modules.Run(r.dir, nil, "git", args...)
}

// clean returns an error if the working tree has changes: a release is of what
// is committed.
func (r repository) clean() error {
	status, err := r.git("status", "--porcelain")
	if err == nil && status != "" {
		err = errors.New("the working tree has changes that are not committed:\n" + status)
	}
	return err
}

// changedSince reports whether a file that users of the module get, and that
// is not there for its tests, differs from the tag.
func (r repository) changedSince(tag, dir string, tree []modules.Module) (bool, error) {
	names, err := r.git("diff", "--name-only", tag, "HEAD", "--", dir)
	if err != nil {
		return false, err
	}
	for name := range strings.Lines(names) {
		name = strings.TrimSuffix(name, "\n")
		if !strings.HasSuffix(name, "_test.go") && !strings.Contains("/"+name, "/testdata/") && owner(name, tree) == dir {
			return true, nil
		}
	}
	return false, nil
}

// owner returns the directory of the module that a file belongs to.
func owner(name string, tree []modules.Module) string {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		for _, m := range tree {
			if m.Dir == dir {
				return dir
			}
		}
	}
	return ""
}
