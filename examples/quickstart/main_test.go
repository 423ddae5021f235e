package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// output runs the program with the text on standard input.
func output(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(path, []byte(input), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out strings.Builder
	err = run(t.Context(), args, in, &out)
	return out.String(), err
}

func TestTour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for url, want := range map[string][]string{
			"memory://": {
				"sessions/s1 is {User:ada Roles:[admin]}",
				"sessions/s2 has 200ms left\n  sessions/s2: not found",
				`users/eve = {"name":"eve"}` + "\n  users/nobody: not found",
				"deleted 1 of 2",
				"sessions: s1\n",
				"the first of three: not found",
				`no store for scheme "redis"`,
				`put "sessions"/"s3": invalid value`,
				`op "put", collection "sessions", key "s3"`,
			},
			"simple://": {"sessions: s1\n"},
			"null://":   {"this store keeps nothing", "sessions/s2: not found"},
		} {
			got, err := output(t, "", "-store", url)
			if err != nil {
				t.Errorf("%s: %v", url, err)
			}
			for _, want := range want {
				if !strings.Contains(got, want) {
					t.Errorf("%s: no %q in:\n%s", url, want, got)
				}
			}
			if strings.Contains(got, "secret") {
				t.Errorf("%s: an error repeats the password", url)
			}
		}
	})
}

func TestLoad(t *testing.T) {
	people, err := os.ReadFile("testdata/people.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	got, err := output(t, string(people), "ada", "grace")
	want := `stored 5 records in 3 collections
people/ada = {"name":"Ada Lovelace","born":1815}
people/grace = {"name":"Grace Hopper","born":1906} (24h0m0s left)
machines/ada = {"name":"Ada","kind":"language","year":1980}
machines/grace: not found
default_collection/ada: not found
default_collection/grace: not found
`
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	got, err = output(t, string(people))
	if err != nil || !strings.Contains(got, "machines: ada\n") || !strings.Contains(got, "default_collection: motd\n") {
		t.Errorf("without keys: %v\n%s", err, got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for input, want := range map[string]string{
		`{"key":"a","value":[1]}`:                `line 1: memory: put "default_collection"/"a": invalid value`,
		"\n{\"value\":{}}":                       "line 2: memory: put: invalid key: empty",
		`{"key":"a","value":{},"ttl":"soon"}`:    `line 1: time: invalid duration "soon"`,
		`{"key":"a","value":{},"ttl":"-1s"}`:     "invalid TTL",
		`{"key":"a","vlaue":{}}`:                 `line 1: json: unknown field "vlaue"`,
		"{\"key\":\"a\",\"value\":{}}\nnot json": "line 2: ",
	} {
		if _, err := output(t, input); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", input, err, want)
		}
	}
	if _, err := output(t, "", "-store", "redis://user:secret@host"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("an unknown store: %v", err)
	}
	if _, err := output(t, "", "-help"); err != nil {
		t.Errorf("-help: %v", err)
	}
	if _, err := output(t, "", "-no-such-flag"); err == nil {
		t.Error("an unknown flag was accepted")
	}
}
