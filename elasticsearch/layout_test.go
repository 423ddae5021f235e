package elasticsearch

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func testLayout(o Options) *layout {
	if err := o.check(); err != nil {
		panic(err)
	}
	l := newLayout(&o)
	return &l
}

func TestNamesOfIndices(t *testing.T) {
	l := testLayout(Options{Prefix: "kv"})
	for collection, want := range map[string]string{
		"test": "kv-test", "default_collection": "kv-default_collection", "a.b-c": "kv-a.b-c", "café": "kv-café", "日本": "kv-日本",
		"Test": "kv-~kv1~%54est", "c::x": "kv-~kv1~c%3a%3ax", "a/b": "kv-~kv1~a%2fb", "É": "kv-~kv1~%c3%89", "İ": "kv-~kv1~%c4%b0",
		"~kv1~a": "kv-~kv1~%7ekv1%7ea", "a\u200bb": "kv-~kv1~a%e2%80%8bb",
	} {
		if got := l.index(collection); got != want {
			t.Errorf("the index of %q is %q, want %q", collection, got, want)
		}
		if back, ok := l.collection(want); !ok || back != collection {
			t.Errorf("the collection of %q is %q, %v; want %q", want, back, ok, collection)
		}
	}
	if long := l.index(strings.Repeat("c", 300)); !strings.HasPrefix(long, "kv-~kv1h~") || len(long) > maxIndex {
		t.Errorf("a long collection has the index %q", long)
	}
}

func TestIDs(t *testing.T) {
	l, single, v1 := testLayout(Options{}), testLayout(Options{SingleIndex: true}), testLayout(Options{V1Names: true})
	for key, want := range map[string]string{"k": "k", "a/b": "a/b", "..": "..", "é \x00": "é \x00", "~kv1~": "~kv1~%7ekv1%7e"} {
		if got := l.id("c", key); got != want {
			t.Errorf("the id of %q is %q, want %q", key, got, want)
		}
	}
	if got := single.id("c", "a::b"); got != "c::a::b" {
		t.Errorf("the id in the single index is %q", got)
	}
	if key, ok := single.key("c", "c::a::b"); !ok || key != "a::b" {
		t.Errorf("the key of c::a::b is %q, %v", key, ok)
	}
	if key, ok := single.key("d", "c::a::b"); ok {
		t.Errorf("the key of c::a::b in d is %q; want none", key)
	}
	if got := v1.id("c", "My Key"); got != "4b08ae8363339f75a4f145b9d54b5118963c9ba247c1c6c84ed6caf23f837cd7" {
		t.Errorf("the id of the reference's strategy is %q", got)
	}
}

// Names of indices are such that Elasticsearch takes them, and they can be told
// apart.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"c", "C", "::", "café", "İ", "~kv1~", "..", strings.Repeat("é", 200), "a\x00", "*", "-", "\u212a"} {
		f.Add(name, "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) || a == "" || b == "" {
			return
		}
		for _, l := range []*layout{testLayout(Options{}), testLayout(Options{SingleIndex: true})} {
			index, id := l.index(a), l.id(a, b)
			if len(index) > maxIndex || strings.ToLower(index) != index || strings.ContainsAny(index, "\\/*?\"<>| ,#:\n\x00") {
				t.Errorf("the index of %q is %q", a, index)
			}
			if len(id) > maxID || id == "" {
				t.Errorf("the id of %q is %q", b, id)
			}
			if !l.holds(index, id, a, b) {
				t.Errorf("%q, %q does not lie where it lies", a, b)
			}
			if a != b && l.index(a) == l.index(b) && !l.single {
				t.Errorf("%q and %q have one index", a, b)
			}
			if a != b && l.index(a) == l.index(b) && l.id(a, "k") == l.id(b, "k") {
				t.Errorf("%q and %q have one document", a, b)
			}
			if key, ok := l.key(a, id); ok && key != b {
				t.Errorf("the key of %q is %q, want %q", id, key, b)
			}
		}
	})
}
