package names_test

import (
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

func TestPrefix(t *testing.T) {
	for _, test := range []struct{ prefix, want string }{
		{"p", "p__"},
		{"_p", "_p__"},
		{"key_prefix", "key_prefix__"},
		{"50%", "50%__"},
		{"é", "é__"},
		{"p_", "~kv1~p%5f__"},
		{"_", "~kv1~%5f__"},
		{"p__q", "~kv1~p%5f%5fq__"},
		{"p__50%", "~kv1~p%5f%5f50%25__"},
		{"~kv1~p", "~kv1~~kv1~p__"},
	} {
		prefix, err := names.NewPrefix(test.prefix)
		if err != nil {
			t.Fatal(err)
		}
		if prefix.String() != test.want {
			t.Errorf("the prefix %q is %q, want %q", test.prefix, prefix, test.want)
		}
		for _, name := range hostile {
			added := prefix.Add(name)
			if added != test.want+name {
				t.Errorf("%q: Add(%q) = %q", test.prefix, name, added)
			}
			if got, ok := prefix.Strip(added); !ok || got != name {
				t.Errorf("%q: Strip(%q) = %q, %t", test.prefix, added, got, ok)
			}
		}
		if got, ok := prefix.Strip("q__name"); ok || got != "" {
			t.Errorf("%q: Strip of another's name = %q, %t", test.prefix, got, ok)
		}
	}
}

func TestPrefixEmpty(t *testing.T) {
	if _, err := names.NewPrefix(""); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("NewPrefix(\"\"): %v", err)
	}
	var zero names.Prefix
	if got := zero.Add("name"); got != "name" {
		t.Errorf("the zero Prefix adds: %q", got)
	}
	if got, ok := zero.Strip("name"); !ok || got != "name" {
		t.Errorf("the zero Prefix takes off: %q, %t", got, ok)
	}
}

// Under two prefixes no two names meet.
func TestPrefixHostile(t *testing.T) {
	seen := map[string][2]string{}
	for _, text := range hostile {
		if text == "" {
			continue
		}
		prefix, err := names.NewPrefix(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range hostile {
			added := prefix.Add(name)
			if other, ok := seen[added]; ok {
				t.Fatalf("%q and %q, %q are both %q", other, text, name, added)
			}
			seen[added] = [2]string{text, name}
		}
	}
}
