package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

func printModules([]string) error {
	_, tree, err := modules.Load()
	for _, m := range tree {
		fmt.Println(m.Dir)
	}
	return err
}

// each runs the command args in every module as its users see it, without the
// workspace. It goes on after a failure and returns all of them.
func each(args []string) error {
	if len(args) == 0 {
		return errors.New("each: no command")
	}
	_, tree, err := modules.Load()
	if err != nil {
		return err
	}
	var failures []error
	for _, m := range tree {
		fmt.Printf("%s: %s\n", m.Dir, strings.Join(args, " "))
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir, cmd.Env = filepath.FromSlash(m.Dir), append(os.Environ(), "GOWORK=off")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			failures = append(failures, fmt.Errorf("%s: %s: %w", m.Dir, strings.Join(args, " "), err))
		}
	}
	return errors.Join(failures...)
}
