package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A result is what the conformance suite found out about one store: what its
// tests declared, and the suite held it to.
type result struct {
	Capabilities  []string `json:"capabilities"`
	MaxKey        int      `json:"maxKey,omitempty"`        // bytes; 0: no limit
	MaxCollection int      `json:"maxCollection,omitempty"` // bytes
	MaxValue      int      `json:"maxValue,omitempty"`      // bytes
	TimeStep      string   `json:"timeStep"`                // of times in entries
	Documents     bool     `json:"documents,omitempty"`     // kept as documents of the database, not as text
	DeletesAtBest bool     `json:"bestEffortDelete,omitempty"`
	Servers       []string `json:"servers"`
}

// results are by store.
type results map[string]*result

// suiteResults returns what the suite declared in tests against a backend.
func suiteResults(named map[string]map[string]string, above func(test, key string) string) (results, error) {
	all := make(results)
	var wrong []error
	for _, test := range slices.Sorted(maps.Keys(named)) {
		attributes := named[test]
		if attributes["storetest-capabilities"] == "" {
			continue // not the suite
		}
		backend, server := above(test, "backend"), above(test, "server")
		if backend == "" {
			continue // a store of a test
		}
		found := result{
			TimeStep:      attributes["storetest-time-step"],
			Documents:     attributes["storetest-documents"] == "true",
			DeletesAtBest: attributes["storetest-best-effort-delete"] == "true",
		}
		for capability := range strings.SplitSeq(attributes["storetest-capabilities"], ", ") {
			found.Capabilities = append(found.Capabilities, capability)
		}
		for key, number := range map[string]*int{
			"storetest-max-key": &found.MaxKey, "storetest-max-collection": &found.MaxCollection, "storetest-max-value": &found.MaxValue,
		} {
			*number, _ = strconv.Atoi(attributes[key])
		}
		known := all[backend]
		if known == nil {
			known = &found
			all[backend] = known
		}
		if !slices.Contains(known.Servers, server) {
			known.Servers = append(known.Servers, server)
			slices.Sort(known.Servers)
		}
		found.Servers = known.Servers
		if before, now := fmt.Sprintf("%+v", *known), fmt.Sprintf("%+v", found); before != now {
			wrong = append(wrong, fmt.Errorf("the tests of %s declare different stores: %s and %s", backend, before, now))
		}
	}
	return all, errors.Join(wrong...)
}

// resultsFile is what the documentation is made of.
const resultsFile = "conformance/results.json"

func (r results) write(name string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o666)
}

func readResults(name string) (results, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var r results
	return r, json.Unmarshal(text, &r)
}

// compareResults is the command results. The documentation is made of the
// committed results, so those of a run must be the same.
func compareResults(args []string) error {
	if len(args) != 1 {
		return errors.New("results: want one file")
	}
	found, err := readResults(args[0])
	if err != nil {
		return err
	}
	committed, err := readResults(resultsFile)
	if err != nil {
		return err
	}
	var wrong []error
	for name := range committed {
		if found[name] == nil {
			wrong = append(wrong, fmt.Errorf("%s was not tested", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		old, err := json.Marshal(committed[name])
		if err != nil {
			return err
		}
		now, err := json.Marshal(found[name])
		if err != nil {
			return err
		}
		if string(old) != string(now) {
			wrong = append(wrong, fmt.Errorf("%s: %s says\n\t%s\nand the tests found\n\t%s", name, resultsFile, old, now))
		}
	}
	if len(wrong) > 0 {
		wrong = append(wrong, fmt.Errorf("if that is meant: .ci/run test, commit the results, go run ./internal/tools generate"))
	}
	return errors.Join(wrong...)
}
