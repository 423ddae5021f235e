package valkey

import (
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// matches reports whether a pattern of Valkey matches a text. It is written
// after its documentation, for patterns without ranges.
func matches(pattern, text string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			for i := 0; i <= len(text); i++ {
				if matches(pattern[1:], text[i:]) {
					return true
				}
			}
			return false
		case '?':
			if text == "" {
				return false
			}
			pattern, text = pattern[1:], text[1:]
			continue
		case '[':
			panic("a range is not escaped")
		case '\\':
			if len(pattern) > 1 {
				pattern = pattern[1:]
			}
		}
		if text == "" || text[0] != pattern[0] {
			return false
		}
		pattern, text = pattern[1:], text[1:]
	}
	return text == ""
}

// The pattern of a collection matches the names of its keys, and no others.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"", "a", "*", "?", "[a-z]", `\`, `\*`, `a\`, "a::b", "~kv1~", "{x}", "^", "\x00", "é"} {
		f.Add(seed, "a", "k")
		f.Add("a", seed, "k")
	}
	f.Fuzz(func(t *testing.T, collection, other, key string) {
		if len(collection)+len(other)+len(key) > 100 || core.CheckCollection(collection) != nil || core.CheckCollection(other) != nil {
			return
		}
		collection, other = core.CollectionName(collection), core.CollectionName(other)
		pattern := new(backend).scan(collection).pattern
		if !matches(pattern, names.Compound(collection, key)) {
			t.Errorf("%q does not match %q of %q", pattern, key, collection)
		}
		if name := names.Compound(other, key); other != collection && matches(pattern, name) {
			t.Errorf("%q of %q matches %q of %q", pattern, collection, name, other)
		}
		if !matches(new(backend).scan("").pattern, names.Compound(collection, key)) {
			t.Errorf("%q of %q does not match the pattern of all", key, collection)
		}
	})
}

// A name is taken apart into what the store would give the same name, or not at
// all.
func FuzzItem(f *testing.F) {
	for _, seed := range []string{"", "a::b", "::", "a::", "::b", "a", "a:::b", "~kv1~a%3a::b", "~kv1~a::b", "a::b::c", "\xff::b", "a::\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		i, ok := itemOf(name)
		if !ok {
			return
		}
		if i.name != name || names.Compound(i.collection, i.key) != name {
			t.Errorf("%q is %q in %q", name, i.key, i.collection)
		}
		if i.collection == "" || core.CheckCollection(i.collection) != nil || core.CheckKey(i.key) != nil {
			t.Errorf("%q has a name that the store does not take: %q in %q", name, i.key, i.collection)
		}
		if !strings.Contains(name, separator) {
			t.Errorf("%q has no separator", name)
		}
	})
}
