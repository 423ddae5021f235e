package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
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
	modules, err := findModules(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []job{
		{"core", "1.25.x"}, {"core", "stable"},
		{"memory", "1.25.x"}, {"memory", "stable"},
		{"memory/compare", "1.25.x"}, {"memory/compare", "stable"},
		{"redis", "1.26.x"}, {"redis", "stable"},
	}
	if got := jobs(modules); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
