package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// A job is one entry of the workflows' module matrix.
type job struct {
	Module string `json:"module"` // directory
	Go     string `json:"go"`     // version for actions/setup-go
}

// jobs returns two jobs for each module: the lowest version of Go that its
// go.mod allows, and the current one.
func jobs(tree []modules.Module) []job {
	var all []job
	for _, m := range tree {
		all = append(all, job{m.Dir, line(m.Go)}, job{m.Dir, "stable"})
	}
	return all
}

// line returns the release line of a go directive: 1.25.x for 1.25.0.
func line(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".") + ".x"
}

// printMatrix prints outputs for a workflow: modules, servers and local, the
// matrices of the jobs for each module, for each version of a server and for
// each system of a backend without one, empty where nothing has changed, and
// go, the versions for jobs on the whole workspace.
func printMatrix(args []string) error {
	flags := flag.NewFlagSet("matrix", flag.ExitOnError)
	since := flags.String("since", "", "leave out the modules that have not changed since this `revision`")
	_ = flags.Parse(args)

	w, tree, err := modules.Load()
	if err != nil {
		return err
	}
	servers, local, err := backendJobs(tree)
	if err != nil {
		return err
	}
	if *since != "" {
		changed, err := changedSince(*since)
		if err != nil {
			return err
		}
		tree = affected(changed, tree)
		servers, local = jobsOf(tree, servers), jobsOf(tree, local)
	}
	versions := []string{line(w.Go), "stable"}
	for _, output := range []struct {
		name  string
		value any
	}{
		{"modules", matrix[job]{orNone(jobs(tree))}},
		{"servers", matrix[serverJob]{orNone(servers)}},
		{"local", matrix[localJob]{orNone(local)}},
		{"go", versions},
	} {
		text, err := json.Marshal(output.value)
		if err != nil {
			return err
		}
		fmt.Printf("%s=%s\n", output.name, text)
	}
	return nil
}

type matrix[J any] struct {
	Include []J `json:"include"`
}

// orNone returns an empty list for nil, which JSON would write as null.
func orNone[J any](jobs []J) []J {
	if jobs == nil {
		return []J{}
	}
	return jobs
}
