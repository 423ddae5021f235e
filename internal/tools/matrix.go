package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A job is one entry of the workflows' module matrix.
type job struct {
	Module string `json:"module"` // directory
	Go     string `json:"go"`     // version for actions/setup-go
}

// jobs returns two jobs for each module: the lowest version of Go that its
// go.mod allows, and the current one.
func jobs(modules []module) []job {
	var all []job
	for _, m := range modules {
		all = append(all, job{m.Dir, line(m.Go)}, job{m.Dir, "stable"})
	}
	return all
}

// line returns the release line of a go directive: 1.25.x for 1.25.0.
func line(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".") + ".x"
}

// printMatrix prints two outputs for a workflow: modules, the matrix of the
// per-module job, and go, the versions for jobs on the whole workspace.
func printMatrix([]string) error {
	w, modules, err := loadTree()
	if err != nil {
		return err
	}
	matrix, err := json.Marshal(map[string]any{"include": jobs(modules)})
	if err != nil {
		return err
	}
	versions, err := json.Marshal([]string{line(w.Go), "stable"})
	if err != nil {
		return err
	}
	fmt.Printf("modules=%s\ngo=%s\n", matrix, versions)
	return nil
}
