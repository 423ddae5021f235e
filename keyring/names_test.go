package keyring

import (
	"encoding/base64"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// named returns a backend that only names items.
func named(k *kind, prefix string) *backend {
	return &backend{prefix: prefix, scheme: k.scheme(len(prefix))}
}

func FuzzItemName(f *testing.F) {
	for _, pair := range [][2]string{
		{"users", "42"}, {"c::x", "k::y"}, {"c", "x::k"}, {"..", "../x"}, {"-rf", "--"}, {"Test", "test"}, {"~kv1~", "~kv1h~"},
		{"café", "🔑 key"}, {"a;b", "*?"}, {"nul", "con.txt"}, {strings.Repeat("x", 3000), "k"}, {"c", "\x00\n"}, {" ", " "},
	} {
		f.Add(pair[0], pair[1], pair[1], pair[0])
	}
	all := []*kind{unknown}
	for _, k := range kinds {
		all = append(all, k)
	}
	f.Fuzz(func(t *testing.T, collection, key, collection2, key2 string) {
		record := driver.Record{Collection: collection, Key: key}
		record.Value = []byte(`{}`)
		for _, k := range all {
			b := named(k, "p-")
			name, other := b.name(collection, key), b.name(collection2, key2)
			same := name == other || k.names.FoldCase && strings.EqualFold(name, other)
			if same != (collection == collection2 && key == key2) {
				t.Errorf("%s: %q %q and %q %q are %q and %q", k.title(), collection, key, collection2, key2, name, other)
			}
			if len(name) > k.names.MaxBytes || !strings.HasPrefix(name, "p-") {
				t.Errorf("%s: %q %q is %q", k.title(), collection, key, name)
			}
			if k.files && (filepath.Base(name) != name || strings.ContainsAny(name, "%/\x00")) {
				t.Errorf("%s: %q %q is %q, which is no file name", k.title(), collection, key, name)
			}
			if collection == "" || key == "" {
				continue
			}
			i, ok := b.itemOf(name)
			if i, _, err := b.read(item{name: name}, managed.Append(nil, &record)); err == nil && (i.collection != collection || i.key != key) {
				t.Errorf("%s: %q of %q %q is read as %+v", k.title(), name, collection, key, i)
			}
			if ok && i.collection != "" && (i.collection != collection || i.key != key) {
				t.Errorf("%s: %q %q is listed as %+v", k.title(), collection, key, i)
			}
		}
	})
}

// What other programs put into a ring, or a directory, is nobody's.
func TestForeignNames(t *testing.T) {
	for _, name := range []string{"", "x", "Password for 'x'", "::", "::k", "a::", "~kv1~", "~kv1~zz", "~kv1h~12", ".gpg-id", "sub/a::b"} {
		for _, k := range kinds {
			if i, ok := named(k, "").itemOf(name); ok && (k.files || name != "sub/a::b") {
				t.Errorf("%s: %q is taken for %+v", k.title(), name, i)
			}
		}
	}
	if i, ok := named(kinds[keyring.SecretServiceBackend], "app/").itemOf("other/a::b"); ok {
		t.Errorf("another service's item is taken for %+v", i)
	}
}

func FuzzToken(f *testing.F) {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"PBES2-HS256+A128KW","enc":"A256GCM"}`))
	for _, text := range []string{"", "....", header + ".a.a.a.a", header + ".YQ.YQ.YQ.YQ", header + ".YQ.YQ.YQ", "e30.YQ.YQ.YQ.YQ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if isToken(text) && (strings.Count(text, ".") != 4 || slices.Contains(strings.Split(text, "."), "")) {
			t.Errorf("%q is taken for an encrypted item", text)
		}
	})
}
