package disk

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// Plain names lie where the Python library has them, all others within the
// directory, and no two meet, whatever the file system folds.
func TestFileOf(t *testing.T) {
	for _, test := range []struct{ collection, key, want string }{
		{"sessions", "7f3a", "sessions/7f3a.json"},
		{"default_collection", "a_b", "default_collection/a_b.json"},
		{"Users", "k", "~kv1~%55sers/k.json"},
		{"c", "..", "c/~kv1~%2e%2e.json"},
		{"..", "k", "~kv1~%2e%2e/k.json"},
		{".tmp", "k", "~kv1~%2etmp/k.json"},
		{".lock", "00", "~kv1~%2elock/00.json"},
		{"c", "a/b", "c/~kv1~a%2fb.json"},
		{"c", `a\b`, "c/~kv1~a%5cb.json"},
		{"con", "nul", "~kv1~con/~kv1~nul.json"},
		{"users-info.json", "k", "~kv1~users-info%2ejson/k.json"},
		{"c", "é", "c/~kv1~%c3%a9.json"},
		{"c", "e\u0301", "c/~kv1~e%cc%81.json"},
	} {
		if got := fileOf(test.collection, test.key); got != test.want {
			t.Errorf("fileOf(%q, %q) is %q, want %q", test.collection, test.key, got, test.want)
		}
	}
	if got := fileOf(strings.Repeat("x", 300), strings.Repeat("y", 300)); len(filepath.Base(got)) > 255 || len(filepath.Dir(got)) > 245 {
		t.Errorf("long names are %q", got)
	}
}

func FuzzFileOf(f *testing.F) {
	f.Add("sessions", "7f3a", "Sessions", "7F3A")
	f.Add("..", "a/b", "~kv1~%2e%2e", "a")
	f.Add("c", "con.txt", "c", "con")
	f.Add("c", "x.", "c", "x")
	f.Fuzz(func(t *testing.T, collection, key, otherCollection, otherKey string) {
		file, other := fileOf(collection, key), fileOf(otherCollection, otherKey)
		same := collection == otherCollection && key == otherKey
		if strings.EqualFold(file, other) != same {
			t.Errorf("(%q, %q) is %q and (%q, %q) is %q", collection, key, file, otherCollection, otherKey, other)
		}
		if !filepath.IsLocal(file) || strings.Count(file, "/") != 1 || strings.HasPrefix(file, ".") || len(file) > 245+1+255 {
			t.Errorf("(%q, %q) is %q", collection, key, file)
		}
		encoded, ok := encodedKey(filepath.Base(file))
		if !ok || !isName(encoded) || !isName(filepath.Dir(file)) {
			t.Errorf("a walk passes over %q", file)
		}
	})
}

// A diskv finds what the store has written, and the other way round.
func TestClientNames(t *testing.T) {
	for _, compound := range []string{names.Compound("c", "k"), names.Compound("a::b", "k"), names.Compound("Users", "../x")} {
		if got := compoundOf(pathKeyOf(compound)); got != compound {
			t.Errorf("%q became %q", compound, got)
		}
	}
	for _, compound := range []string{"", "no separator", "c::"} {
		if path := pathKeyOf(compound); path.Path[0] != temporaryDirectory {
			t.Errorf("%q, no compound key, lies in %q", compound, path.Path)
		}
	}
}
