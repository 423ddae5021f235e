package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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

type serverJobList []serverJob

// of returns the jobs of those modules.
func (l serverJobList) of(tree []modules.Module) serverJobList {
	var all serverJobList
	for _, job := range l {
		if slices.ContainsFunc(tree, func(m modules.Module) bool { return m.Dir == job.Backend }) {
			all = append(all, job)
		}
	}
	return all
}

// serverJobs returns a job for each version. A backend of the tree whose tests
// need a server must be in the file, a null meaning that it needs none.
func serverJobs(tree []modules.Module) (serverJobList, error) {
	text, err := os.ReadFile(versionsFile)
	if err != nil {
		return nil, err
	}
	var versions map[string][]string
	if err := json.Unmarshal(text, &versions); err != nil {
		return nil, fmt.Errorf("%s: %w", versionsFile, err)
	}
	var all serverJobList
	var wrong []error
	for _, m := range tree {
		images, known := versions[m.Dir]
		delete(versions, m.Dir)
		tests, err := filepath.Glob(filepath.Join("conformance", m.Dir, "*_test.go"))
		if err != nil {
			return nil, err
		}
		if len(tests) > 0 && !known {
			wrong = append(wrong, fmt.Errorf("%s says nothing of %s", versionsFile, m.Dir))
		}
		for _, image := range images {
			all = append(all, serverJob{m.Dir, image})
		}
	}
	for name := range versions {
		wrong = append(wrong, fmt.Errorf("%s names %s, which is no module", versionsFile, name))
	}
	return all, errors.Join(wrong...)
}
