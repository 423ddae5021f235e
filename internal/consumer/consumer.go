package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/internal/modules"
	"github.com/go-keyvalue/keyvalue/internal/publish"
)

// systems are those that a consumer may build for.
var systems = []string{"linux", "darwin", "windows", "freebsd"}

// A consumer is a scratch module that requires one module.
type consumer struct {
	module      modules.Module
	version     string
	dir         string   // of the scratch module
	environment []string // additions to that of the go command
	golden      string   // file with the list of dependencies
	update      bool
}

// environment is what is special about that of a go command which knows nothing of this machine's
// module cache but what it has downloaded before.
func environment(temp string, proxy publish.Proxy) ([]string, error) {
	out, err := modules.Run(".", nil, "go", "env", "GOMODCACHE", "GOPROXY")
	if err != nil {
		return nil, err
	}
	cache, upstream, _ := strings.Cut(strings.TrimSpace(out), "\n")
	downloaded := publish.Proxy{Dir: filepath.Join(cache, "cache", "download")}
	return []string{
		// Without the paths, what was compiled once need not be again.
		"GOWORK=off", "GOFLAGS=-trimpath", "CGO_ENABLED=0", "GO111MODULE=on",
		"GOMODCACHE=" + filepath.Join(temp, "cache"),
		"GOPROXY=" + proxy.URL() + "," + downloaded.URL() + "," + upstream,
		"GONOSUMDB=github.com/go-keyvalue/*",
	}, nil
}

// check gets the module, builds its example and compares what came along.
func (c *consumer) check(readme string, drivers map[string]string) error {
	if err := os.MkdirAll(c.dir, 0o777); err != nil {
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	program, err := snippet(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", readme, err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, "scratch.go"), program, 0o666); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"mod", "init", "example.org/scratch"},
		{"get", c.module.Module.Path + "@" + c.version},
		{"mod", "tidy"},
	} {
		if _, err := c.goCommand(nil, args...); err != nil {
			return err
		}
	}
	used := make(map[string]bool)
	for _, system := range systems {
		for _, args := range [][]string{{"build", "./...", c.module.Module.Path + "/..."}, {"vet", "./..."}} {
			if _, err := c.goCommand([]string{"GOOS=" + system}, args...); err != nil {
				return fmt.Errorf("GOOS=%s: %w\n%s", system, err, program)
			}
		}
		listed, err := c.goCommand([]string{"GOOS=" + system}, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", c.module.Module.Path+"/...")
		if err != nil {
			return err
		}
		for path := range strings.FieldsSeq(listed) {
			used[path] = true
		}
	}
	delete(used, c.module.Module.Path)
	delete(used, "example.org/scratch")
	return errors.Join(c.strangers(used, drivers), c.compare(used))
}

// testLibraries are for tests, and so for nobody who requires a module.
var testLibraries = []string{"github.com/testcontainers/", "github.com/stretchr/testify", "github.com/google/go-cmp"}

// strangers returns an error for what should not have come along.
func (c *consumer) strangers(used map[string]bool, drivers map[string]string) error {
	var wrong []error
	for path := range used {
		if owner := drivers[path]; owner != "" && owner != c.module.Dir {
			wrong = append(wrong, fmt.Errorf("it brings %s, the driver of %s", path, owner))
		}
		for _, library := range testLibraries {
			if strings.HasPrefix(path, library) {
				wrong = append(wrong, fmt.Errorf("it brings %s, which is for tests", path))
			}
		}
		if c.module.Dir == "core" {
			wrong = append(wrong, fmt.Errorf("core brings %s", path))
		}
	}
	return errors.Join(wrong...)
}

// compare compares the list of dependencies with the one that was reviewed.
func (c *consumer) compare(used map[string]bool) error {
	var paths []string
	for path := range used {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	list := strings.Join(append(paths, ""), "\n")
	fmt.Printf("%s: %d modules\n", c.module.Dir, len(paths))
	for _, path := range paths {
		fmt.Println("  ", path)
	}
	if c.update {
		return os.WriteFile(c.golden, []byte(list), 0o666)
	}
	want, err := os.ReadFile(c.golden)
	if err != nil {
		return err
	}
	if string(want) != list {
		return fmt.Errorf("it brings other modules than %s says; if that is meant, write it anew with -update:\n%s", c.golden, list)
	}
	return nil
}

// goCommand runs the go command in the scratch module.
func (c *consumer) goCommand(environment []string, args ...string) (string, error) {
	return modules.Run(c.dir, slices.Concat(c.environment, environment), "go", args...)
}

// driversOf returns which module of the tree is for which driver: a module
// that it requires directly, and that is not of this repository or of the Go
// project, whose modules everybody uses.
func driversOf(tagged []modules.Module) map[string]string {
	drivers := make(map[string]string)
	for _, m := range tagged {
		if m.Dir == "wrappers" || m.Dir == "adapters" {
			continue // they have libraries, not drivers
		}
		for _, r := range m.Require {
			if !r.Indirect && !strings.HasPrefix(r.Path, "github.com/go-keyvalue/") && !strings.HasPrefix(r.Path, "golang.org/x/") {
				drivers[r.Path] = m.Dir
			}
		}
	}
	return drivers
}
