package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// write writes and commits a stage.
func (r repository) write(stage []release, tree []modules.Module) error {
	name := filepath.Join(r.dir, "CHANGELOG.md")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	changelog, err := releaseNotes(string(text), stage, r.today)
	if err != nil {
		return err
	}
	for _, release := range stage {
		if err := r.raise(release.module, tree); err != nil {
			return fmt.Errorf("%s: %w", release.module.Dir, err)
		}
	}
	if err := os.WriteFile(name, []byte(changelog), 0o666); err != nil {
		return err
	}
	var titles []string
	for _, release := range stage {
		titles = append(titles, release.module.Dir+" "+release.next)
	}
	_, err = r.git("commit", "--quiet", "--all", "--message", "release: "+strings.Join(titles, ", "))
	return err
}

// raise makes the module require the last tagged version of its siblings, and
// tidies it.
func (r repository) raise(m modules.Module, tree []modules.Module) error {
	dir := filepath.Join(r.dir, filepath.FromSlash(m.Dir))
	siblings := make(map[string]string) // path to directory
	for _, sibling := range tree {
		siblings[sibling.Module.Path] = sibling.Dir
	}
	for _, required := range m.Require {
		sibling, ok := siblings[required.Path]
		if !ok {
			continue
		}
		version, err := modules.LastVersion(r.dir, sibling)
		if err != nil {
			return err
		}
		if version == "" {
			return fmt.Errorf("it requires %s, which has no tag: a set earlier in sets.json must have it", sibling)
		}
		if _, err := modules.Run(dir, nil, "go", "mod", "edit", "-require="+required.Path+"@"+version); err != nil {
			return err
		}
	}
	_, err := modules.Run(dir, []string{"GOWORK=off"}, "go", "mod", "tidy")
	return err
}
