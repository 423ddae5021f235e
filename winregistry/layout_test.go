package winregistry

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

func hashed(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "~kv1h~" + hex.EncodeToString(sum[:])
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ name, key, value string }{
		// What Python stores under the same names.
		{"users", "users", "users"},
		{"default_collection", "default_collection", "default_collection"},
		{"a b.c/d:e::f", "a b.c/d:e::f", "a b.c/d:e::f"},
		{" k ", " k ", " k "},
		{"100% *?\"<>|", "100% *?\"<>|", "100% *?\"<>|"},
		{"~kv1", "~kv1", "~kv1"},

		// A backslash is a separator in names of keys alone.
		{`a\b`, "~kv1~a%5cb", `a\b`},

		// What Windows takes for the same, does not take, or has another
		// meaning for.
		{"Users", "~kv1~%55sers", "~kv1~%55sers"},
		{"é", "~kv1~%c3%a9", "~kv1~%c3%a9"},
		{"\x00", "~kv1~%00", "~kv1~%00"},
		{"\x7f", "~kv1~%7f", "~kv1~%7f"},

		// What looks like an encoded name.
		{"~kv1~a", "~kv1~%7ekv1%7ea", "~kv1~%7ekv1%7ea"},
		{"~kv1h~a", "~kv1~%7ekv1h%7ea", "~kv1~%7ekv1h%7ea"},

		// Lengths.
		{strings.Repeat("x", 255), strings.Repeat("x", 255), strings.Repeat("x", 255)},
		{strings.Repeat("x", 256), hashed(strings.Repeat("x", 256)), strings.Repeat("x", 256)},
		{strings.Repeat("X", 83), "~kv1~" + strings.Repeat("%58", 83), "~kv1~" + strings.Repeat("%58", 83)},
		{strings.Repeat("X", 84), hashed(strings.Repeat("X", 84)), "~kv1~" + strings.Repeat("%58", 84)},
		{strings.Repeat("x", 16383), hashed(strings.Repeat("x", 16383)), strings.Repeat("x", 16383)},
		{strings.Repeat("x", 16384), hashed(strings.Repeat("x", 16384)), hashed(strings.Repeat("x", 16384))},
	} {
		if got := keyName(c.name); got != c.key {
			t.Errorf("keyName(%.40q) = %.80q, want %.80q", c.name, got, c.key)
		}
		if got := valueName(c.name); got != c.value {
			t.Errorf("valueName(%.40q) = %.80q, want %.80q", c.name, got, c.value)
		}
	}
}

func TestSlots(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, c := range []struct {
		stored, name string // the name is empty where nothing leads there
	}{
		{"users", "users"}, {"USERS", "users"}, {"~kv1~%55sers", "Users"}, {"~KV1~%55SERS", "Users"},
		{hashed(long), long}, {strings.ToUpper(hashed(long)), long},
		{"", ""}, {"é", ""}, {"É", ""}, {"~kv1~", ""}, {"~kv1~%5", ""}, {"~kv1~users", ""}, {"~kv1~%ff", ""},
		{"~kv1h~", ""}, {"~kv1h~abc", ""}, {"a\x01", ""}, {`a\b`, ""},
	} {
		s, ok := slotOf(keyNames, c.stored)
		switch {
		case ok != (c.name != ""):
			t.Errorf("that something could lie under %.40q is %v", c.stored, ok)
		case ok && !s.leadsTo(keyNames, c.name):
			t.Errorf("%.40q does not lead to %.40q", c.name, c.stored)
		case ok && s.leadsTo(keyNames, c.name+"x"):
			t.Errorf("%.40qx leads to %.40q", c.name, c.stored)
		}
	}
}

func TestIsNameOf(t *testing.T) {
	for _, c := range []struct {
		stored, name string
		want         bool
	}{
		{"users", "users", true}, {"Users", "users", true}, {"Users", "Users", true}, {"~kv1~%55sers", "Users", true},
		{"café", "café", true}, {"~kv1~caf%c3%a9", "café", true}, {"users", "other", false}, {"~kv1~%55sers", "users", false},
	} {
		if got := isNameOf(keyNames, c.stored, c.name); got != c.want {
			t.Errorf("that %q is the name of %q is %v", c.stored, c.name, got)
		}
	}
}

// Two names never become one, whatever Windows takes for the same: encoded ones
// are of lower-case ASCII and differ. Each is found again in a listing.
func FuzzNames(f *testing.F) {
	f.Add("a", "A")
	f.Add("é", "É")
	f.Add("~kv1~%41", "A")
	f.Add(strings.Repeat("x", 256), hashed(strings.Repeat("x", 256)))
	f.Add(`a\b`, "a%5cb")
	f.Fuzz(func(t *testing.T, a, b string) {
		if core.CheckKey(a) != nil || core.CheckKey(b) != nil {
			return
		}
		for scheme, limit := range map[*names.Scheme]int{keyNames: maxKeyName, valueNames: maxValueName} {
			x, y := scheme.Encode(a), scheme.Encode(b)
			if a != b && strings.EqualFold(x, y) {
				t.Errorf("%q and %q are both %q", a, b, x)
			}
			for _, c := range x {
				if c < ' ' || c > '~' || 'A' <= c && c <= 'Z' || c == '\\' && scheme == keyNames {
					t.Errorf("%q is %q", a, x)
				}
			}
			if n := len(utf16.Encode([]rune(x))); n == 0 || n > limit {
				t.Errorf("%q has %d units", x, n)
			}
			s, ok := slotOf(scheme, strings.ToUpper(x))
			if !ok || !s.leadsTo(scheme, a) || a != b && s.leadsTo(scheme, b) {
				t.Errorf("%q is not what leads to %q", a, x)
			}
		}
	})
}

// No stored name makes a listing fail, and what it is taken for leads there.
func FuzzStoredNames(f *testing.F) {
	f.Add("users")
	f.Add("~KV1~%41")
	f.Add(hashed(""))
	f.Fuzz(func(t *testing.T, stored string) {
		for _, scheme := range []*names.Scheme{keyNames, valueNames} {
			s, ok := slotOf(scheme, stored)
			if ok && !s.hashed && (core.CheckKey(s.original) != nil || !strings.EqualFold(scheme.Encode(s.original), stored)) {
				t.Errorf("%q is taken for %q", stored, s.original)
			}
		}
	})
}
