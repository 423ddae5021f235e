package main

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/semver"

	"github.com/go-keyvalue/keyvalue/internal/modules"
	"github.com/go-keyvalue/keyvalue/internal/publish"
)

// publishAll publishes the modules of the working tree, and what they require
// of each other where that is an older version, from its tag. It returns the
// version of each module by its directory.
func publishAll(proxy publish.Proxy, root string, tagged []modules.Module) (map[string]string, error) {
	versions := make(map[string]string)
	published := make(map[string]bool)
	dirs := make(map[string]string)
	for _, m := range tagged {
		last, err := modules.LastVersion(root, m.Dir)
		if err != nil {
			return nil, err
		}
		version := "v0.1.0"
		if last != "" {
			version = after(last)
		}
		if err := proxy.Publish(root, m.Dir, m.Module.Path, version); err != nil {
			return nil, err
		}
		versions[m.Dir], dirs[m.Module.Path] = version, m.Dir
		published[m.Module.Path+"@"+version] = true
	}
	for _, m := range tagged {
		for _, required := range m.Require {
			dir, ok := dirs[required.Path]
			if !ok || published[required.Path+"@"+required.Version] {
				continue
			}
			if err := publishTag(proxy, root, dir, required.Path, required.Version); err != nil {
				return nil, fmt.Errorf("%s requires %s %s: %w", m.Dir, dir, required.Version, err)
			}
			published[required.Path+"@"+required.Version] = true
		}
	}
	return versions, nil
}

// after returns the version that nobody has released yet.
func after(last string) string {
	var patch int
	_, _ = fmt.Sscanf(semver.Canonical(last)[len(semver.MajorMinor(last)):], ".%d", &patch)
	return fmt.Sprintf("%s.%d", semver.MajorMinor(last), patch+1)
}

// publishTag publishes a module as it was tagged.
func publishTag(proxy publish.Proxy, root, dir, path, version string) error {
	temp, err := os.MkdirTemp("", "consumer-tag")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	worktree := filepath.Join(temp, "tag")
	if _, err := modules.Run(root, nil, "git", "worktree", "add", "--detach", worktree, dir+"/"+version); err != nil {
		return err
	}
	defer func() { _, _ = modules.Run(root, nil, "git", "worktree", "remove", "--force", worktree) }()
	return proxy.Publish(worktree, dir, path, version)
}
