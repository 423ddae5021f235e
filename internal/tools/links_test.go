package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("docs/a.md", "# The first: it's `code`, too\n\n```\n[not](a-link)\n```\n`[nor](this)`")
	for text, sound := range map[string]bool{
		"[x](docs/a.md)": true, "[x](docs)": true, "[x](https://example.org/x)": true, "[x](docs/a.md#the-first-its-code-too)": true,
		"[x](docs/b.md)": false, "[x](docs/a.md#the-second)": false, "[x](http://example.org)": false, "[x](#nowhere)": false,
	} {
		write("README.md", text)
		if err := links(nil); (err == nil) != sound {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCodeBlock(t *testing.T) {
	dir := t.TempDir()
	const source = "package x\n\n// T is a type.\ntype T struct{}\n\n// M is a method.\nfunc (t *T) M() {}\n\nfunc ExampleT() {\n\tif true {\n\t\tprintln()\n\t}\n\t// Output:\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	const want = "```go\nif true {\n\tprintln()\n}\n// Output:\n\n// T is a type.\ntype T struct{}\n\n// M is a method.\nfunc (t *T) M() {}\n```"
	got, err := codeBlock(dir, []string{"x.go", "ExampleT", "T", "T.M"})
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	for _, args := range [][]string{{"x.go"}, {"y.go", "T"}, {"x.go", "U"}} {
		if block, err := codeBlock(dir, args); err == nil {
			t.Errorf("%q: %s", args, block)
		}
	}
}
