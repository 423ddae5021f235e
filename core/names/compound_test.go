package names_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/names"
)

func TestCompound(t *testing.T) {
	for _, test := range []struct{ collection, key, want string }{
		{"c", "k", "c::k"},
		{"", "", "::"},
		{"", ":k", ":::k"},
		{"c", "", "c::"},
		{"c", ":k", "c:::k"},
		{"c", "::k", "c::::k"},
		{":c", "k", ":c::k"},
		{"a:b", "k", "a:b::k"},
		{"50%", "k", "50%::k"},
		{"%3a", "k", "%3a::k"},
		{"a_b__", "k", "a_b__::k"},
		{"~kv1", "k", "~kv1::k"},
		{"x~kv1~", "k", "x~kv1~::k"},
		{"c", "~kv1~", "c::~kv1~"},
		{"c:", "k", "~kv1~c%3a::k"},
		{":", "k", "~kv1~%3a::k"},
		{"a::b", "c", "~kv1~a%3a%3ab::c"},
		{"a::50%", "c", "~kv1~a%3a%3a50%25::c"},
		{"~kv1~", "k", "~kv1~~kv1~::k"},
		{"~kv1~a%3a", "k", "~kv1~~kv1~a%253a::k"},
	} {
		if got := names.Compound(test.collection, test.key); got != test.want {
			t.Errorf("Compound(%q, %q) = %q, want %q", test.collection, test.key, got, test.want)
		}
		if got := names.CompoundPrefix(test.collection) + test.key; got != test.want {
			t.Errorf("CompoundPrefix(%q) + %q = %q, want %q", test.collection, test.key, got, test.want)
		}
		if got := names.AppendCompound([]byte("before "), test.collection, test.key); string(got) != "before "+test.want {
			t.Errorf("AppendCompound(%q, %q) = %q, want %q", test.collection, test.key, got, test.want)
		}
		collection, key, ok := names.SplitCompound(test.want)
		if !ok || collection != test.collection || key != test.key {
			t.Errorf("SplitCompound(%q) = %q, %q, %t", test.want, collection, key, ok)
		}
	}
}

// Strings that Compound does not write must not be taken for entries.
func TestSplitCompoundForeign(t *testing.T) {
	for _, s := range []string{
		"",
		"nocolon",
		"one:colon",
		"~kv1~::k",         // the empty collection needs no escape
		"~kv1~c::k",        // nor does this
		"~kv1~a%3ab::k",    // nor a single colon in the middle
		"~kv1~c%3A::k",     // upper-case digits
		"~kv1~c%3a%41::k",  // an escape of what needs none
		"~kv1~c%3a%::k",    // no digits
		"~kv1~c%3a%3::k",   // one digit
		"~kv1~c%3a%zz::k",  // no digits either
		"~kv1~c%3a%3z::k",  // half of them
		"~kv1~c%3a:x::k",   // a plain colon behind the marker
		"~kv1~a%3a%3a%::k", // a plain percent sign
	} {
		if collection, key, ok := names.SplitCompound(s); ok || collection != "" || key != "" {
			t.Errorf("SplitCompound(%q) = %q, %q, %t, want false", s, collection, key, ok)
		}
	}
}

// All pairs of hostile names: no two of them share a compound key, and a scan
// by prefix finds one collection.
func TestCompoundHostile(t *testing.T) {
	seen := map[string][2]string{}
	for _, collection := range hostile {
		for _, key := range hostile {
			s := names.Compound(collection, key)
			if other, ok := seen[s]; ok {
				t.Fatalf("%q and %q, %q are both %q", other, collection, key, s)
			}
			seen[s] = [2]string{collection, key}
			if c, k, ok := names.SplitCompound(s); !ok || c != collection || k != key {
				t.Fatalf("SplitCompound(Compound(%q, %q)) = %q, %q, %t", collection, key, c, k, ok)
			}
		}
	}
	for _, collection := range hostile {
		prefix := names.CompoundPrefix(collection)
		for s, pair := range seen {
			if strings.HasPrefix(s, prefix) != (pair[0] == collection) {
				t.Fatalf("the prefix %q of %q and the key %q of %q", prefix, collection, s, pair[0])
			}
		}
	}
}

func TestCompoundAllocations(t *testing.T) {
	collection, key := "default_collection", "user:12345678"
	dst := make([]byte, 0, 128)
	for _, test := range []struct {
		what string
		want float64
		run  func()
	}{
		{"Compound", 1, func() { _ = names.Compound(collection, key) }},
		{"Compound, escaped", 1, func() { _ = names.Compound("a::b", key) }},
		{"AppendCompound", 0, func() { _ = names.AppendCompound(dst, collection, key) }},
		{"AppendCompound, escaped", 0, func() { _ = names.AppendCompound(dst, "a::b", key) }},
		{"SplitCompound", 0, func() { _, _, _ = names.SplitCompound("default_collection::user:12345678") }},
	} {
		if got := testing.AllocsPerRun(100, test.run); got > test.want {
			t.Errorf("%s: %v allocations, want %v", test.what, got, test.want)
		}
	}
}

// compoundCase is a case of compound_prefix.json, whose fields depend on Op.
type compoundCase struct {
	Op, Collection, Key, Prefix, Error string
	Result                             json.RawMessage
	Uncompound                         [2]string
	Input                              []string
	ResultSorted                       []string `json:"result_sorted"`
}

func TestCompoundPrefixVectors(t *testing.T) {
	// The reference's compound key of ("a::b", "c") is that of ("a", "b::c").
	differences := map[string]string{"a::b": "~kv1~a%3a%3ab::c"}

	for _, c := range readVectors[compoundCase](t, "compound_prefix.json", 19) {
		name := c.Key + c.Collection
		prefix, prefixErr := names.NewPrefix(c.Prefix)
		switch c.Op {
		case "compound_key":
			got, want := names.Compound(c.Collection, c.Key), text(t, c.Result)
			wantPair := c.Uncompound
			if different, ok := differences[c.Collection]; ok {
				if got == want {
					t.Errorf("Compound(%q, %q) does not differ any more", c.Collection, c.Key)
				}
				want, wantPair = different, [2]string{c.Collection, c.Key}
			}
			if got != want {
				t.Errorf("Compound(%q, %q) = %q, want %q", c.Collection, c.Key, got, want)
			}
			if collection, key, ok := names.SplitCompound(got); !ok || wantPair != [2]string{collection, key} {
				t.Errorf("SplitCompound(%q) = %q, %q, %t, want %q", got, collection, key, ok, wantPair)
			}
			// What the reference wrote is read as the reference reads it.
			collection, key, ok := names.SplitCompound(text(t, c.Result))
			if !ok || c.Uncompound != [2]string{collection, key} {
				t.Errorf("SplitCompound(%s) = %q, %q, %t, want %q", c.Result, collection, key, ok, c.Uncompound)
			}
		case "uncompound_key":
			if _, _, ok := names.SplitCompound(c.Key); ok {
				t.Errorf("SplitCompound(%q) is true, want the reference's %s", c.Key, c.Error)
			}
		case "prefix_key", "prefix_collection":
			if c.Prefix == "" { // a difference: the empty prefix is refused
				if prefixErr == nil {
					t.Error("the empty prefix is not refused")
				}
				continue
			}
			// The two operations name the name differently.
			if got, want := prefix.Add(name), text(t, c.Result); prefixErr != nil || got != want {
				t.Errorf("Prefix %q: Add(%q) = %q, %v, want %q", c.Prefix, name, got, prefixErr, want)
			}
		case "unprefix_key", "unprefix_collection":
			got, ok := prefix.Strip(name)
			if c.Error != "" && ok || c.Error == "" && (!ok || got != text(t, c.Result)) {
				t.Errorf("Prefix %q: Strip(%q) = %q, %t, want %s%s", c.Prefix, name, got, ok, c.Result, c.Error)
			}
		case "get_keys_from_compound_keys":
			var want, got []string
			if err := json.Unmarshal(c.Result, &want); err != nil {
				t.Fatal(err)
			}
			for _, s := range c.Input {
				if key, ok := strings.CutPrefix(s, names.CompoundPrefix(c.Collection)); ok {
					got = append(got, key)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("the keys of %q in %q are %q, want %q", c.Collection, c.Input, got, want)
			}
		case "get_collections_from_compound_keys":
			var got []string
			for _, s := range c.Input {
				if collection, _, ok := names.SplitCompound(s); ok {
					got = append(got, collection)
				}
			}
			slices.Sort(got)
			if got = slices.Compact(got); !slices.Equal(got, c.ResultSorted) {
				t.Errorf("the collections in %q are %q, want %q", c.Input, got, c.ResultSorted)
			}
		default:
			t.Errorf("unknown operation %q", c.Op)
		}
	}
}

// readVectors returns the cases of a file, and fails unless there are so many.
func readVectors[T any](t *testing.T, name string, count int) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []T }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != count {
		t.Fatalf("%s has %d cases, want %d", name, len(file.Cases), count)
	}
	return file.Cases
}

// text returns the string in a JSON string.
func text(t *testing.T, data json.RawMessage) (s string) {
	t.Helper()
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}
