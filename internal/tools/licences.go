package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/google/licenseclassifier/v2/assets"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// allowedLicences are those under which a program may use the modules without
// giving away its own source, by their SPDX names.
var allowedLicences = []string{"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "Unlicense", "0BSD"}

// licences is the command licences. It looks at what every module that is
// tagged brings to its users, on each system.
func licences([]string) error {
	_, tree, err := modules.Load()
	if err != nil {
		return err
	}
	tagged, err := modules.Tagged(tree)
	if err != nil {
		return err
	}
	found := make(map[string]string) // module to directory
	for _, m := range tagged {
		for _, system := range []string{"linux", "darwin", "windows"} {
			out, err := modules.Run(filepath.FromSlash(m.Dir), []string{"GOWORK=off", "GOOS=" + system, "CGO_ENABLED=0"},
				"go", "list", "-deps", "-f", "{{with .Module}}{{if .Version}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", "./...")
			if err != nil {
				return err
			}
			for line := range strings.Lines(out) {
				if path, directory, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(path, "github.com/go-keyvalue/") {
					found[path] = directory
				}
			}
		}
	}
	var wrong []error
	counts := make(map[string]int)
	for path, directory := range found {
		names, err := licencesIn(directory)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", path, err))
			continue
		}
		for _, name := range names {
			counts[name]++
			if !slices.Contains(allowedLicences, name) {
				wrong = append(wrong, fmt.Errorf("%s is under %s", path, name))
			}
		}
	}
	fmt.Printf("%d modules: %v\n", len(found), counts)
	return errors.Join(wrong...)
}

// knownLicences reads the texts of all licences, once.
var knownLicences = sync.OnceValues(assets.DefaultClassifier)

// licencesIn returns the names of the licences in a module's directory.
func licencesIn(directory string) ([]string, error) {
	files, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	classifier, err := knownLicences()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		name := strings.ToUpper(file.Name())
		if file.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "UNLICENSE") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(directory, file.Name()))
		if err != nil {
			return nil, err
		}
		for _, match := range classifier.Match(text).Matches {
			if match.MatchType == "License" && !slices.Contains(names, match.Name) {
				names = append(names, match.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no licence that is known")
	}
	return names, nil
}
