package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// A module that somebody adds is found, wherever it is; what the go command
// does not look at is not.
func TestJobsOfFoundModules(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"core", "memory/compare", "memory", "redis", "core/testdata/x", ".git/y", "_old"} {
		full := filepath.Join(root, filepath.FromSlash(dir))
		if err := os.MkdirAll(full, 0o777); err != nil {
			t.Fatal(err)
		}
		text := "module x.org/kv/" + dir + "\n\ngo 1.25.0\n"
		if dir == "redis" {
			text = "module x.org/kv/redis\n\ngo 1.26\n"
		}
		if err := os.WriteFile(filepath.Join(full, "go.mod"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := modules.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []job{
		{"core", "1.25.x"}, {"core", "stable"},
		{"memory", "1.25.x"}, {"memory", "stable"},
		{"memory/compare", "1.25.x"}, {"memory/compare", "stable"},
		{"redis", "1.26.x"}, {"redis", "stable"},
	}
	if got := jobs(tree); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// A change is tested where it was made and in all that is built on it.
func TestAffected(t *testing.T) {
	module := func(dir string, requires ...string) modules.Module {
		m := modules.Module{Dir: dir}
		m.Module.Path = "x.org/kv/" + dir
		for _, required := range requires {
			m.Require = append(m.Require, struct {
				Path, Version string
				Indirect      bool
			}{Path: "x.org/kv/" + required})
		}
		return m
	}
	tree := []modules.Module{
		module("conformance", "redis", "core"), module("core"), module("memory", "core"), module("memory/compare", "memory"), module("redis", "core"),
	}
	for _, test := range []struct{ changed, want string }{
		{"redis/get.go", "conformance redis"},
		{"memory/get.go", "memory memory/compare"},
		{"memory/compare/x_test.go", "memory/compare"},
		{"core/names/x.go", "conformance core memory memory/compare redis"},
		{"README.md docs/security.md", ""},
		{"README.md redis/README.md", "conformance redis"},
		{"redis/get.go .github/workflows/ci.yml", "conformance core memory memory/compare redis"},
	} {
		var got []string
		for _, m := range affected(strings.Fields(test.changed), tree) {
			got = append(got, m.Dir)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s affects %q, want %q", test.changed, got, test.want)
		}
	}
}

func TestBackendJobs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"redis/redis_test.go", "keyring/ring_test.go", "keyring/wincred_windows_test.go", "keyring/chain_darwin_test.go"} {
		name = filepath.Join("conformance", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tree := []modules.Module{{Dir: "core"}, {Dir: "keyring"}, {Dir: "redis"}}
	const wrong = "wrong"
	for text, want := range map[string]string{
		`{"redis":["r:7","r:8"],"keyring":null}`: "[{redis r:7} {redis r:8}] [{keyring ubuntu-latest} {keyring windows-latest} {keyring macos-latest}]",
		`{"redis":null,"keyring":["k"]}`:         "[{keyring k}] [{redis ubuntu-latest}]",
		`{"keyring":null}`:                       wrong,
		`{}`:                                     wrong,
		`{"redis":["r:7"],"keyring":null,"valkey":[]}`: wrong,
	} {
		if err := os.WriteFile(filepath.FromSlash(versionsFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		servers, local, err := backendJobs(tree)
		if got := fmt.Sprint(servers, local); (err != nil) != (want == wrong) || (err == nil && got != want) {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
		if len(jobsOf(tree[:1], servers)) != 0 || len(jobsOf(tree[:1], local)) != 0 || len(jobsOf(tree, local)) != len(local) {
			t.Errorf("%s: jobs of a module that has not changed, or none of one that has", text)
		}
	}
}
