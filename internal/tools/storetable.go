package main

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// capabilities are the columns of the table, as package core names them.
var capabilities = []string{"keys", "collections", "destroy collection", "destroy", "cull", "insert", "ping"}

// storeTable is a generator. "stores capabilities" is a table of what each
// store offers, "stores limits" one of what it refuses and what it was tested on.
func storeTable(dir string, args []string) (string, error) {
	found, err := readResults(resultsFile)
	if err != nil {
		return "", err
	}
	switch {
	case slices.Equal(args, []string{"capabilities"}):
		return capabilityTable(found, dir)
	case slices.Equal(args, []string{"limits"}):
		return limitTable(found), nil
	}
	return "", fmt.Errorf("there is no table %q", args)
}

func capabilityTable(found results, dir string) (string, error) {
	stability, err := stabilities()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| store | stored format | %s |\n|---|---|%s\n", strings.Join(capabilities, " | "), strings.Repeat("---|", len(capabilities)))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		module, _, _ := strings.Cut(name, ":") // of a store that a module has several of
		if stability[module] == "" {
			return "", fmt.Errorf("%s is in no set of sets.json", module)
		}
		link, err := filepath.Rel(dir, module)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s |", name, filepath.ToSlash(link), stability[module])
		for _, capability := range capabilities {
			mark := "–"
			if slices.Contains(found[name].Capabilities, capability) {
				mark = "yes"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// stabilities returns what sets.json says of each module.
func stabilities() (map[string]string, error) {
	_, tree, err := modules.Load()
	if err != nil {
		return nil, err
	}
	sets, err := modules.Sets(tree)
	stability := make(map[string]string)
	for _, set := range sets {
		for _, dir := range set.Modules {
			stability[dir] = set.Stability
		}
	}
	return stability, err
}

func limitTable(found results) string {
	var b strings.Builder
	b.WriteString("| store | longest key | longest collection | largest value | step of times | kept as | tested on |\n|---|---|---|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(found)) {
		r := found[name]
		kept := "text"
		if r.Documents {
			kept = "documents"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n",
			name, size(r.MaxKey), size(r.MaxCollection), size(r.MaxValue), r.TimeStep, kept,
			cmp.Or(strings.Join(r.Servers, ", "), "–"))
	}
	return b.String()
}

// size writes a number of bytes as people read it.
func size(bytes int) string {
	switch {
	case bytes == 0:
		return "–"
	case bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d B", bytes)
}
