package modules

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
)

// A Set is modules that are released together, with one promise about what
// they keep stable.
type Set struct {
	Name    string   `json:"name"`
	Modules []string `json:"modules"` // directories
	// Stability is what the README says of them.
	Stability string `json:"stability"`
}

// Tagged returns the modules of the tree that are ever tagged, in the order of
// their release. Its errors are those of [Sets].
func Tagged(tree []Module) ([]Module, error) {
	sets, err := Sets(tree)
	if err != nil {
		return nil, err
	}
	byDir := make(map[string]Module)
	for _, m := range tree {
		byDir[m.Dir] = m
	}
	var tagged []Module
	for _, set := range sets {
		for _, dir := range set.Modules {
			tagged = append(tagged, byDir[dir])
		}
	}
	return tagged, nil
}

//go:embed sets.json
var setsJSON []byte

// Sets returns the sets in the order in which they are released, which is that
// of their dependence, and an error unless every module of the tree is in one
// of them, or in the list of those that are never tagged.
func Sets(tree []Module) ([]Set, error) {
	var file struct {
		Sets     []Set    `json:"sets"`
		Untagged []string `json:"untagged"`
	}
	if err := json.Unmarshal(setsJSON, &file); err != nil {
		return nil, err
	}
	known := make(map[string]int)
	for _, dir := range file.Untagged {
		known[dir]++
	}
	for _, set := range file.Sets {
		for _, dir := range set.Modules {
			known[dir]++
		}
	}
	var wrong []error
	for _, m := range tree {
		if known[m.Dir] != 1 {
			wrong = append(wrong, fmt.Errorf("%s is in %d lines of sets.json, want 1", m.Dir, known[m.Dir]))
		}
		delete(known, m.Dir)
	}
	for dir := range known {
		wrong = append(wrong, fmt.Errorf("%s, in sets.json, has no go.mod", dir))
	}
	return file.Sets, errors.Join(wrong...)
}
