package main

import (
	"slices"
	"testing"
)

func TestShellLines(t *testing.T) {
	const text = "# Title\n\n```go\ngo run ./no\n```\n\n```sh\n# a comment\ngo test work   # all tests\n\n" +
		"go run ./a < b.jsonl\n```\n\n```console\n$ go run ./c\n```\n"
	want := []string{"go test work", "go run ./a < b.jsonl", "go run ./c"}
	if got := shellLines(text); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
