package redis

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// matches is how Redis matches a name with a pattern: stringmatchlen of its
// util.c, in short.
func matches(pattern, name string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			for i := 0; i <= len(name); i++ {
				if matches(pattern[1:], name[i:]) {
					return true
				}
			}
			return false
		case '?':
			if name == "" {
				return false
			}
		case '[':
			if name == "" {
				return false
			}
			var in bool
			if in, pattern = class(pattern[1:], name[0]); !in {
				return false
			}
			name = name[1:]
			continue
		case '\\':
			if len(pattern) >= 2 {
				pattern = pattern[1:]
			}
			fallthrough
		default:
			if name == "" || pattern[0] != name[0] {
				return false
			}
		}
		pattern, name = pattern[1:], name[1:]
	}
	return name == ""
}

// class reports whether a byte is in the class that a pattern goes on with, and
// returns the rest of the pattern.
func class(pattern string, b byte) (in bool, rest string) {
	negated := strings.HasPrefix(pattern, "^")
	pattern = strings.TrimPrefix(pattern, "^")
	for pattern != "" && pattern[0] != ']' {
		switch {
		case pattern[0] == '\\' && len(pattern) >= 2:
			in = in || pattern[1] == b
			pattern = pattern[2:]
		case len(pattern) >= 3 && pattern[1] == '-':
			low, high := min(pattern[0], pattern[2]), max(pattern[0], pattern[2])
			in = in || low <= b && b <= high
			pattern = pattern[3:]
		default:
			in = in || pattern[0] == b
			pattern = pattern[1:]
		}
	}
	return in != negated, strings.TrimPrefix(pattern, "]")
}

// FuzzPattern wants of a pattern that it matches the names which begin with the
// text that it was made of, and no other.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"", "a", "*", "?", "[a-z]", "[^a]", `\`, `\*`, "a\x00b", "{a}", "é", "]", "a*b?c"} {
		f.Add(seed, seed+"::k")
		f.Add(seed, "a::k")
		f.Add(seed, `\`+seed)
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 100 || len(name) > 100 {
			t.Skip("the matcher takes long")
		}
		if got, want := matches(escaper.Replace(text)+"*", name), strings.HasPrefix(name, text); got != want {
			t.Errorf("%q matches the pattern for %q: %t, want %t", name, text, got, want)
		}
	})
}

// FuzzReply reads whatever a server may hold.
func FuzzReply(f *testing.F) {
	f.Add(string(managedEntry("c", "k", core.Entry{}.ExpiresAt)))
	f.Add(`{"value":{}}`)
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, text string) {
		fake, store := newFake(t, &Options{VerifyListing: true})
		fake.data["c::k"] = text
		entry, err := store.Get(t.Context(), "c", "k")
		switch {
		case err == nil:
			if problem := core.CheckValue(entry.Value); problem != nil && !strings.Contains(problem.Error(), "nested") {
				t.Errorf("Get of %q has the value %q: %v", text, entry.Value, problem)
			}
		case err != core.ErrNotFound && !errors.Is(err, core.ErrCorrupt):
			t.Errorf("Get of %q = %v", text, err)
		}
		entries, manyErr := store.GetMany(t.Context(), "c", []string{"k"})
		if entries[0].Found() != (err == nil) || errors.Is(manyErr, core.ErrCorrupt) != errors.Is(err, core.ErrCorrupt) {
			t.Errorf("GetMany of %q = %v, %v, where Get says %v", text, entries, manyErr, err)
		}
		names, errs := collect(store.Keys(t.Context(), "c"))
		if (len(names) == 1) != (err == nil) || (len(errs) == 1) != errors.Is(err, core.ErrCorrupt) {
			t.Errorf("Keys with %q yields %q, %v, where Get says %v", text, names, errs, err)
		}
		live, deleteErr := store.Delete(t.Context(), "c", "k")
		if live != (err == nil) || deleteErr != nil || len(fake.data) > 0 {
			t.Errorf("Delete of %q = %v, %v, where Get says %v", text, live, deleteErr, err)
		}
	})
}
