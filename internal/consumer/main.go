// Command consumer looks at the modules as those who require them do.
//
// It publishes every module of the working tree that is ever tagged into a
// module proxy in a directory, as v0.1.0 or the version after its last tag, and
// the tags that they require, and gets each from a scratch module outside the
// workspace: so nothing can use what is not in the version that it requires.
// There it builds the example of the
// module's README for four systems, and compares the modules that came along
// with the list in testdata, so that a new dependency shows in review.
//
// Run it from the repository's root:
//
//	go run ./internal/consumer [-update] [module ...]
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-keyvalue/keyvalue/internal/modules"
	"github.com/go-keyvalue/keyvalue/internal/publish"
)

func main() {
	update := flag.Bool("update", false, "write the lists of dependencies instead of comparing")
	flag.Parse()
	if err := run(*update, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "consumer:", err)
		os.Exit(1)
	}
}

func run(update bool, only []string) error {
	_, tree, err := modules.Load()
	if err != nil {
		return err
	}
	tagged, err := modules.Tagged(tree)
	if err != nil {
		return err
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "consumer")
	if err != nil {
		return err
	}
	defer removeAll(temp)

	proxy := publish.Proxy{Dir: filepath.Join(temp, "proxy")}
	versions, err := publishAll(proxy, root, tagged)
	if err != nil {
		return err
	}
	drivers := driversOf(tagged)
	environment, err := environment(temp, proxy)
	if err != nil {
		return err
	}
	var wrong []error
	for _, m := range tagged {
		if len(only) > 0 && !slices.Contains(only, m.Dir) {
			continue
		}
		c := consumer{
			module: m, version: versions[m.Dir], dir: filepath.Join(temp, "scratch", m.Dir), environment: environment,
			golden: filepath.Join(root, "internal", "consumer", "testdata", m.Dir+".txt"), update: update,
		}
		if err := c.check(filepath.Join(root, m.Dir, "README.md"), drivers); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", m.Dir, err))
		}
	}
	return errors.Join(wrong...)
}

// removeAll removes a directory with a module cache, which is read-only.
func removeAll(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}
