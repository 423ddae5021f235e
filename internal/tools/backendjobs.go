package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// versionsFile has the images of the server versions that each backend with a
// server supports.
const versionsFile = "conformance/versions.json"

// A serverJob runs the conformance tests of a backend in a container.
type serverJob struct {
	Backend string `json:"backend"`
	Image   string `json:"image"`
}

func (j serverJob) backend() string { return j.Backend }

// A localJob runs all tests of a backend without a server on a system.
type localJob struct {
	Backend string `json:"backend"`
	System  string `json:"system"` // for runs-on
}

func (j localJob) backend() string { return j.Backend }

// jobsOf returns the jobs of those modules.
func jobsOf[J interface{ backend() string }](tree []modules.Module, jobs []J) []J {
	var all []J
	for _, job := range jobs {
		if slices.ContainsFunc(tree, func(m modules.Module) bool { return m.Dir == job.backend() }) {
			all = append(all, job)
		}
	}
	return all
}

// backendJobs returns a job for each version of a server, and for each system
// that a backend without one has tests for. A backend of the tree with tests of
// conformance must be in the file, a null meaning that it needs no server.
func backendJobs(tree []modules.Module) ([]serverJob, []localJob, error) {
	text, err := os.ReadFile(versionsFile)
	if err != nil {
		return nil, nil, err
	}
	var versions map[string][]string
	if err := json.Unmarshal(text, &versions); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", versionsFile, err)
	}
	var onServers []serverJob
	var local []localJob
	var wrong []error
	for _, m := range tree {
		images, known := versions[m.Dir]
		delete(versions, m.Dir)
		tests, err := filepath.Glob(filepath.Join("conformance", m.Dir, "*_test.go"))
		if err != nil {
			return nil, nil, err
		}
		if len(tests) > 0 && !known {
			wrong = append(wrong, fmt.Errorf("%s says nothing of %s", versionsFile, m.Dir))
		}
		for _, image := range images {
			onServers = append(onServers, serverJob{m.Dir, image})
		}
		if known && images == nil {
			for _, system := range systemsOf(tests) {
				local = append(local, localJob{m.Dir, system})
			}
		}
	}
	for name := range versions {
		wrong = append(wrong, fmt.Errorf("%s names %s, which is no module", versionsFile, name))
	}
	return onServers, local, errors.Join(wrong...)
}

// systemsOf returns the systems that tests are for: Linux, where CI has all
// that they may need, and those that a file is for by its name.
func systemsOf(files []string) []string {
	systems := []string{"ubuntu-latest"}
	for _, other := range []struct{ suffix, system string }{
		{"_windows_test.go", "windows-latest"}, {"_darwin_test.go", "macos-latest"},
	} {
		if slices.ContainsFunc(files, func(name string) bool { return strings.HasSuffix(name, other.suffix) }) {
			systems = append(systems, other.system)
		}
	}
	return systems
}
