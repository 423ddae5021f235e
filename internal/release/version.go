package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

// nextVersion returns the version after last for these changes of the API.
// Before version 1 a change of the API raises the middle number, as a change
// that breaks users may come with any such; from then on only additions do, and
// what breaks users needs another module path.
func nextVersion(last string, api api) (string, error) {
	parts := strings.Split(strings.TrimPrefix(semver.Canonical(last), "v"), ".")
	if len(parts) != 3 || semver.Prerelease(last) != "" || semver.Build(last) != "" {
		return "", fmt.Errorf("the last tag %q is no release", last)
	}
	var numbers [3]int
	for i, part := range parts {
		number, err := strconv.Atoi(part)
		if err != nil {
			return "", err
		}
		numbers[i] = number
	}
	switch {
	case api.breaks && numbers[0] > 0:
		return "", errors.New("its API breaks users of version " + semver.Major(last) + ":\n" + api.text)
	case api.breaks || api.adds:
		return fmt.Sprintf("v%d.%d.0", numbers[0], numbers[1]+1), nil
	default:
		return fmt.Sprintf("v%d.%d.%d", numbers[0], numbers[1], numbers[2]+1), nil
	}
}
