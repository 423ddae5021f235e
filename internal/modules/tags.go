package modules

import (
	"fmt"
	"os/exec"
	"strings"

	"golang.org/x/mod/semver"
)

// Run runs a program in a directory, with additions to the environment, and
// returns what it printed.
func Run(dir string, environment []string, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = dir
	if len(environment) > 0 {
		command.Env = append(command.Environ(), environment...)
	}
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, problems.String())
	}
	return string(out), nil
}

// LastVersion returns the highest released version that is tagged for the
// module in the directory dir of the repository, or "".
func LastVersion(repository, dir string) (string, error) {
	tags, err := Run(repository, nil, "git", "tag", "--list", dir+"/v*", "--merged", "HEAD")
	if err != nil {
		return "", err
	}
	last := ""
	for tag := range strings.FieldsSeq(tags) {
		version := strings.TrimPrefix(tag, dir+"/")
		if semver.IsValid(version) && semver.Prerelease(version) == "" && semver.Compare(version, last) > 0 {
			last = version
		}
	}
	return last, nil
}
