package names_test

import (
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

func TestJoiner(t *testing.T) {
	for _, test := range []struct{ separator, collection, key, want string }{
		{"", "c", "k", "c__k"},
		{"__", "c", "k", "c__k"},
		{"__", "c_d", "_k", "c_d___k"},
		{"__", "a", "b__c", "a__b__c"},
		{"__", "a__b", "c", "~kv1~a%5f%5fb__c"},
		{"__", "a_", "c", "~kv1~a%5f__c"},
		{"__", "~kv1~", "c", "~kv1~~kv1~__c"},
		{":", "a", "b:c", "a:b:c"},
		{":", "a:b", "c", "~kv1~a%3ab:c"},
		{"::", "a:", "c", "~kv1~a%3a::c"},
		{"-.-", "a-.", "c", "~kv1~a%2d.-.-c"},
		{"-.-", "a-", "c", "a--.-c"}, // the first separator is where it belongs
		{"-.", "a-", "c", "a--.c"},
	} {
		joiner, err := names.NewJoiner(test.separator)
		if err != nil {
			t.Fatal(err)
		}
		if got := joiner.Join(test.collection, test.key); got != test.want {
			t.Errorf("%q: Join(%q, %q) = %q, want %q", test.separator, test.collection, test.key, got, test.want)
		}
		if collection, key, ok := joiner.Split(test.want); !ok || collection != test.collection || key != test.key {
			t.Errorf("%q: Split(%q) = %q, %q, %t", test.separator, test.want, collection, key, ok)
		}
	}
	if got := (names.Joiner{}).Separator(); got != "__" {
		t.Errorf("the zero Joiner has the separator %q", got)
	}
}

func TestNewJoinerRefuses(t *testing.T) {
	for _, separator := range []string{"a", "1", " ", "~", "%", ":%", "__a", "→", "\x00", "\xff", "_ "} {
		if _, err := names.NewJoiner(separator); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("NewJoiner(%q): %v", separator, err)
		}
	}
}

func TestJoinerHostile(t *testing.T) {
	for _, separator := range []string{"__", ":", "-.-", "=_="} {
		joiner, err := names.NewJoiner(separator)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, collection := range hostile {
			for _, key := range hostile {
				s := joiner.Join(collection, key)
				if c, k, ok := joiner.Split(s); !ok || c != collection || k != key || seen[s] {
					t.Fatalf("%q: Join(%q, %q) = %q, which is split into %q, %q, %t", separator, collection, key, s, c, k, ok)
				}
				seen[s] = true
			}
		}
	}
}
