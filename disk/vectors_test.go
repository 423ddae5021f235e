//go:build unix

package disk

import (
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// pythonOnly are files of Python's trees that this store does not read, with
// the reason.
var pythonOnly = map[string]string{
	"a/b/k.json":                    "a collection is one directory here",
	"c::x/k::y.json":                "a colon is not legal on Windows",
	"café/🔑 key.json":               "characters beyond ASCII have several forms",
	"test/...json":                  "a key .. would be a hidden file",
	"test/.json":                    "an empty key is illegal",
	"t/H_k.json":                    "upper case is escaped",
	"t/S_k.json":                    "upper case is escaped",
	"S_my_coll-48279396/":           "a name that Python has sanitised",
	"S_ccccccccccccccccccccccccccc": "a name that Python has sanitised",
}

// What the Python library has written is read where the names are plain.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "filetree.json"))
	if err != nil {
		t.Fatal(err)
	}
	type file struct{ Path, Content string }
	var vectors struct {
		Passthrough []file `json:"tree_passthrough"`
		Sanitised   []file `json:"tree_sanitised"`
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, tree := range [][]file{vectors.Passthrough, vectors.Sanitised} {
		directory := t.TempDir()
		for _, f := range tree {
			full := filepath.Join(directory, filepath.FromSlash(f.Path))
			if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(f.Content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		store, err := New(directory, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		for _, f := range tree {
			if strings.HasSuffix(f.Path, infoSuffix) || isPythonOnly(f.Path) {
				continue
			}
			collection, key := path.Dir(f.Path), strings.TrimSuffix(path.Base(f.Path), suffix)
			if got := fileOf(collection, key); got != f.Path {
				t.Errorf("(%q, %q) is %q here and %q in Python", collection, key, got, f.Path)
			}
			read++
			entry, err := store.Get(t.Context(), collection, key)
			switch {
			case f.Content == "nope":
				if !isCorrupt(err) {
					t.Errorf("%s: %v", f.Path, err)
				}
			case strings.Contains(f.Content, `"expires_at": "2025`):
				if !errors.Is(err, core.ErrNotFound) {
					t.Errorf("%s has expired: %v", f.Path, err)
				}
			case err != nil || !strings.Contains(f.Content, string(entry.Value)):
				t.Errorf("%s: %s, %v", f.Path, entry.Value, err)
			}
		}
	}
	if read < 8 {
		t.Errorf("only %d entries were compared", read)
	}
}

func isCorrupt(err error) bool { return errors.Is(err, core.ErrCorrupt) }

func isPythonOnly(path string) bool {
	for prefix := range pythonOnly {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
