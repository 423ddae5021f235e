package memcached

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// legal reports whether a server takes the name of an item.
func legal(name string) bool {
	if name == "" || len(name) > 250 {
		return false
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] == 0x7f {
			return false
		}
	}
	return true
}

// What a server takes stays as it is. Bytes count, and not characters.
func TestNaming(t *testing.T) {
	hash := names.HashMarker
	for _, c := range []struct{ collection, key, plain, v1 string }{
		{"users", "42", "users::42", "users::42"},
		{"users", "é日本😀", "users::é日本😀", "users::é日本😀"},
		{"c", "\u0085\u00a0\u2028", "c::\u0085\u00a0\u2028", "c::\u0085\u00a0\u2028"},
		{"c", "a b", "~kv1e~c%3a%3aa%20b", "~kv1e~c%3a%3aa%20b"},
		{"c", "a\nb", "~kv1e~c%3a%3aa%0ab", "~kv1e~c%3a%3aa%0ab"},
		{"c", "\x7f", "~kv1e~c%3a%3a%7f", "~kv1e~c%3a%3a%7f"},
		{"c", "\x00", "~kv1e~c%3a%3a%00", "~kv1e~c%3a%3a%00"},
		{"a::b", "c", "~kv1~a%3a%3ab::c", "~kv1~a%3a%3ab::c"},
		{"~kv1e~a", "k", "~kv1e~%7ekv1e%7ea%3a%3ak", "~kv1e~%7ekv1e%7ea%3a%3ak"},
		{"c", strings.Repeat("x", 237), "c::" + strings.Repeat("x", 237), "c::" + strings.Repeat("x", 237)},
		{"c", strings.Repeat("x", 238), "c::" + strings.Repeat("x", 238), "H_"},
		{"c", strings.Repeat("x", 247), "c::" + strings.Repeat("x", 247), "H_"},
		{"c", strings.Repeat("x", 248), hash, "H_"},
		{"c", strings.Repeat("é", 123), "c::" + strings.Repeat("é", 123), "c::" + strings.Repeat("é", 123)},
		{"c", strings.Repeat("é", 124), hash, hash}, // which Python's strategy lets through, and the server does not
		{"c", strings.Repeat(" ", 300), hash, "H_"},
		{"H_c", "k", "H_c::k", "~kv1e~H_c%3a%3ak"},
		{"S_", "k", "S_::k", "~kv1e~S_%3a%3ak"},
		{"H_c", strings.Repeat("x", 300), hash, hash},
		{"c", "H_k", "c::H_k", "c::H_k"},
	} {
		for naming, want := range map[*naming]string{&plainNaming: c.plain, &v1Naming: c.v1} {
			name := naming.item(c.collection, c.key)
			if name != want && !(len(want) < 10 && strings.HasPrefix(name, want) && len(name) == len(want)+64) {
				t.Errorf("v1 %v: %q, %.30q is %q; want %q", naming.v1, c.collection, c.key, name, want)
			}
			if !legal(name) {
				t.Errorf("v1 %v: %q, %.30q is %q, which no server takes", naming.v1, c.collection, c.key, name)
			}
		}
	}
}

// FuzzNaming wants that two entries never share an item, and that servers take
// every name.
func FuzzNaming(f *testing.F) {
	seeds := []string{"c", "k", "a::b", "a:", "~kv1~", "H_", "S_x", " ", "\n", "é", strings.Repeat("x", 239), strings.Repeat("é", 125)}
	for i, a := range seeds {
		f.Add(a, "k", "k", a)
		f.Add("c", a, seeds[(i+1)%len(seeds)], "k")
	}
	f.Fuzz(func(t *testing.T, collection1, key1, collection2, key2 string) {
		for _, n := range []naming{plainNaming, v1Naming} {
			one, two := n.item(collection1, key1), n.item(collection2, key2)
			if !legal(one) || !legal(two) {
				t.Errorf("no server takes %q or %q", one, two)
			}
			if same := collection1 == collection2 && key1 == key2; (one == two) != same {
				t.Errorf("%q, %q and %q, %q are %q and %q", collection1, key1, collection2, key2, one, two)
			}
			compound := names.Compound(collection1, key1)
			if python := names.MemcachedV1Key(); n.v1 && utf8.ValidString(compound) && python.Validate(compound) == nil &&
				legal(python.Sanitize(compound)) && one != python.Sanitize(compound) && !strings.HasPrefix(compound, "~kv1e~") && !strings.HasPrefix(compound, "~kv1h~") {
				t.Errorf("Python calls %q %q, and we %q", compound, python.Sanitize(compound), one)
			}
		}
	})
}
