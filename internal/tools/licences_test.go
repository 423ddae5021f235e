package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestLicencesIn(t *testing.T) {
	mit, err := os.ReadFile(filepath.Join("..", "..", "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if names, err := licencesIn(dir); err == nil {
		t.Errorf("a directory without a licence has %q", names)
	}
	for name, text := range map[string]string{"LICENSE.txt": string(mit), "main.go": "package main"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := licencesIn(dir); err != nil || !slices.Equal(names, []string{"MIT"}) {
		t.Errorf("%q, %v", names, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "COPYING"), []byte("All rights reserved. Nobody may use this.\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if names, err := licencesIn(dir); err != nil || !slices.Equal(names, []string{"MIT"}) {
		t.Errorf("%q, %v", names, err)
	}
}
