package names_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/names"
)

func TestReservedFileName(t *testing.T) {
	for name, want := range map[string]bool{
		"": true, ".": true, "..": true, ".a": true, "a.": true, " ": true, " a": true, "a ": true,
		"con": true, "CON": true, "Con.txt": true, "prn": true, "aux.": true, "nul.tar.gz": true, "nul  .x": true,
		"com0": true, "com1": true, "LPT9.x": true, "conin$": true, "CONOUT$": true, "clock$": true,
		"a~1": true, "~1": true, "longna~1": true, "lon~1234.txt": true,

		"a": false, "a.b": false, "a b": false, "a..b": false, "-a": false, "_": false,
		"cone": false, "co": false, "xcon": false, "com": false, "coma": false, "com10": false, "lpta": false, "nulls": false,
		"conin": false, "conout": false, "clocks": false, "outcon$": false, "x.con": false,
		"a~": false, "a~b": false, "a~1b": false, "longname~1": false, "a1": false, "1234": false, "x.a~1": false,
		"~kv1~con": false,
	} {
		if got := names.ReservedFileName(name); got != want {
			t.Errorf("ReservedFileName(%q) = %t", name, got)
		}
	}
}

// Every hostile name makes a file of its own in a real directory.
func TestFileNamesOnDisk(t *testing.T) {
	directory := t.TempDir()
	for _, name := range hostile {
		path := filepath.Join(directory, names.FileNames.Encode(name)+"-info.json")
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			t.Fatalf("%.50q: %v", name, err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(hostile) {
		t.Errorf("%d names made %d files", len(hostile), len(entries))
	}
	for _, entry := range entries {
		encoded := strings.TrimSuffix(entry.Name(), "-info.json")
		if name, ok := names.FileNames.Decode(encoded); !ok && !names.FileNames.Hashed(encoded) {
			t.Errorf("Decode(%q) = %q, %t", encoded, name, ok)
		}
	}
}
