package names_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// FuzzCompound checks that two pairs have the same compound key only if they
// are the same, and that any string is split only as it was joined.
func FuzzCompound(f *testing.F) {
	f.Add("a::b", "c", "a", "b::c", "__")
	f.Add("a:", "b", "a", ":b", ":")
	f.Add("~kv1~a%3a%3ab", "c", "a::b", "c", "-.-")
	f.Add("a_", "b", "a", "_b", "=_=")
	f.Add("~kv1~%", "", "", "::", "")
	f.Fuzz(func(t *testing.T, collection1, key1, collection2, key2, separator string) {
		one, two := names.Compound(collection1, key1), names.Compound(collection2, key2)
		if same := collection1 == collection2 && key1 == key2; same != (one == two) {
			t.Errorf("%q, %q is %q and %q, %q is %q", collection1, key1, one, collection2, key2, two)
		}
		if collection, key, ok := names.SplitCompound(one); !ok || collection != collection1 || key != key1 {
			t.Errorf("SplitCompound(%q) = %q, %q, %t", one, collection, key, ok)
		}
		if got := names.AppendCompound([]byte("x"), collection1, key1); !bytes.Equal(got, []byte("x"+one)) {
			t.Errorf("AppendCompound is %q, Compound %q", got, one)
		}
		if strings.HasPrefix(one, names.CompoundPrefix(collection2)) != (collection1 == collection2) {
			t.Errorf("%q and the prefix of %q", one, collection2)
		}
		for _, foreign := range []string{collection1, key1, collection1 + "::" + key1, names.Marker + collection1 + "::" + key1} {
			if collection, key, ok := names.SplitCompound(foreign); ok && names.Compound(collection, key) != foreign {
				t.Errorf("SplitCompound(%q) = %q, %q", foreign, collection, key)
			}
		}

		joiner, err := names.NewJoiner(separator)
		if err != nil {
			return
		}
		one, two = joiner.Join(collection1, key1), joiner.Join(collection2, key2)
		if same := collection1 == collection2 && key1 == key2; same != (one == two) {
			t.Errorf("%q: %q, %q is %q and %q, %q is %q", separator, collection1, key1, one, collection2, key2, two)
		}
		if collection, key, ok := joiner.Split(one); !ok || collection != collection1 || key != key1 {
			t.Errorf("%q: Split(%q) = %q, %q, %t", separator, one, collection, key, ok)
		}
	})
}

// FuzzPrefix checks that names under two prefixes meet only if both prefixes
// and names are the same, and that a prefix takes off only its own.
func FuzzPrefix(f *testing.F) {
	f.Add("p", "q__n", "p__q", "n")
	f.Add("p_", "n", "p", "_n")
	f.Add("~kv1~p%5f", "n", "p_", "n")
	f.Fuzz(func(t *testing.T, text1, name1, text2, name2 string) {
		prefix1, err1 := names.NewPrefix(text1)
		prefix2, err2 := names.NewPrefix(text2)
		if (err1 != nil) != (text1 == "") || (err2 != nil) != (text2 == "") {
			t.Fatalf("NewPrefix of %q and %q: %v, %v", text1, text2, err1, err2)
		}
		if err1 != nil || err2 != nil {
			return
		}
		one, two := prefix1.Add(name1), prefix2.Add(name2)
		if same := text1 == text2 && name1 == name2; same != (one == two) {
			t.Errorf("%q, %q is %q and %q, %q is %q", text1, name1, one, text2, name2, two)
		}
		if name, ok := prefix1.Strip(one); !ok || name != name1 {
			t.Errorf("%q: Strip(%q) = %q, %t", text1, one, name, ok)
		}
		if _, ok := prefix2.Strip(one); ok != (text1 == text2) {
			t.Errorf("%q: Strip(%q), which is under %q, is %t", text2, one, text1, ok)
		}
	})
}

// FuzzScheme checks on very different backends that no two names are encoded
// alike, that every encoding is one the backend takes, and that nothing is
// decoded which was not encoded.
func FuzzScheme(f *testing.F) {
	var made []*names.Scheme
	for _, backend := range schemes {
		made = append(made, names.MustScheme(backend.options))
	}
	for i, name := range hostile {
		f.Add(name, hostile[(i+1)%len(hostile)])
	}
	f.Fuzz(func(t *testing.T, name1, name2 string) {
		for i, scheme := range made {
			options := schemes[i].options
			one, two := scheme.Encode(name1), scheme.Encode(name2)
			if (name1 == name2) != (folded(options, one) == folded(options, two)) {
				t.Errorf("%s: %q is %q and %q is %q", schemes[i].backend, name1, one, name2, two)
			}
			checkTaken(t, options, name1, one)
			checkDecode(t, scheme, name1, one)
			for _, foreign := range []string{name1, one + name2, options.Marker + name2} {
				if name, ok := scheme.Decode(foreign); ok && scheme.Encode(name) != foreign {
					t.Errorf("%s: Decode(%q) = %q", schemes[i].backend, foreign, name)
				}
			}
			// Whatever else a backend folds, these two never meet.
			if options.FoldCase && name1 != name2 && strings.EqualFold(one, two) {
				t.Errorf("%s: %q and %q are equal when folded", schemes[i].backend, one, two)
			}
		}
	})
}

// FuzzStrategies checks that the reference's strategies take any string, and
// never exceed the length that they promise.
func FuzzStrategies(f *testing.F) {
	for _, name := range hostile {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for strategy, limit := range map[names.Strategy]int{
			names.ElasticsearchV1Key():          64,
			names.MemcachedV1Key():              240,
			names.KeyringV1Key():                256,
			names.MongoDBV1Collection():         200,
			names.ElasticsearchV1Collection():   200,
			names.FileTreeV1Collection():        245,
			names.WindowsRegistryV1Collection(): 96,
			names.S3{}:                          500,
			names.Firestore{}:                   1500,
			names.AzureTables{}:                 256,
		} {
			_ = strategy.Validate(name)
			if got := strategy.Sanitize(name); len([]rune(got)) > limit {
				t.Errorf("%T: Sanitize(%q) = %q, longer than %d", strategy, name, got, limit)
			}
		}
	})
}
