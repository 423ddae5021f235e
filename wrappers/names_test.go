package wrappers_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestRenamedOptions(t *testing.T) {
	inner := newNoop(nil)
	for name, err := range map[string]error{
		"no prefix of keys":        errorOf(wrappers.NewPrefixKeys(inner, nil)),
		"no prefix of collections": errorOf(wrappers.NewPrefixCollections(inner, nil)),
		"a prefix not UTF-8":       errorOf(wrappers.NewPrefixKeys(inner, &wrappers.PrefixKeysOptions{Prefix: "\xff"})),
		"a collection not UTF-8":   errorOf(wrappers.NewSingleCollection(inner, &wrappers.SingleCollectionOptions{Collection: "\xff"})),
		"a letter as a separator":  errorOf(wrappers.NewSingleCollection(inner, &wrappers.SingleCollectionOptions{Separator: "x"})),
		"the marker's separator":   errorOf(wrappers.NewSingleCollection(inner, &wrappers.SingleCollectionOptions{Separator: "~"})),
		"no default":               errorOf(wrappers.NewDefaultCollection(inner, nil)),
		"a default not UTF-8":      errorOf(wrappers.NewDefaultCollection(inner, &wrappers.DefaultCollectionOptions{Collection: "\xff"})),
		"keys over nil":            errorOf(wrappers.NewPrefixKeys(nil, &wrappers.PrefixKeysOptions{Prefix: "p"})),
		"collections over nil":     errorOf(wrappers.NewPrefixCollections(nil, &wrappers.PrefixCollectionsOptions{Prefix: "p"})),
		"single over nil":          errorOf(wrappers.NewSingleCollection(nil, nil)),
		"default over nil":         errorOf(wrappers.NewDefaultCollection(nil, &wrappers.DefaultCollectionOptions{Collection: "c"})),
	} {
		if !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// placeOf returns where a wrapper puts an entry.
func placeOf(t *testing.T, wrap func(testing.TB, core.Store) core.Store, collection, key string) [2]string {
	t.Helper()
	recorder := storetest.NewRecorder(newMemory(t))
	if err := wrap(t, recorder).Put(t.Context(), collection, key, json.RawMessage(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	call := recorder.Calls()[0]
	return [2]string{core.CollectionName(call.Collection), call.Keys[0]}
}

// FuzzPrefixesNeverMeet: whatever two prefixes and two names contain, two
// different pairs never have the same place.
func FuzzPrefixesNeverMeet(f *testing.F) {
	f.Add("a", "b__k", "a__b", "k")
	f.Add("a", "_k", "a_", "k")
	f.Add("~kv1~a", "k", "a", "k")
	f.Add("a", "k", "a", "k")
	f.Add("%", "5F", "%5F", "k")
	f.Fuzz(func(t *testing.T, prefix1, name1, prefix2, name2 string) {
		for _, name := range []string{prefix1, name1, prefix2, name2} {
			if name == "" || core.CheckCollection(name) != nil {
				return
			}
		}
		want := prefix1 == prefix2 && name1 == name2
		keys := func(prefix string) func(testing.TB, core.Store) core.Store {
			return wrapping(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: prefix})
		}
		if same := placeOf(t, keys(prefix1), "c", name1) == placeOf(t, keys(prefix2), "c", name2); same != want {
			t.Errorf("keys %q of %q and %q of %q meet: %t", name1, prefix1, name2, prefix2, same)
		}
		collections := func(prefix string) func(testing.TB, core.Store) core.Store {
			return wrapping(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: prefix})
		}
		if same := placeOf(t, collections(prefix1), name1, "k") == placeOf(t, collections(prefix2), name2, "k"); same != want {
			t.Errorf("collections %q of %q and %q of %q meet: %t", name1, prefix1, name2, prefix2, same)
		}
		for _, separator := range []string{"", "_", "::"} {
			single := wrapping(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Separator: separator})
			if same := placeOf(t, single, prefix1, name1) == placeOf(t, single, prefix2, name2); same != want {
				t.Errorf("%q/%q and %q/%q meet with %q: %t", prefix1, name1, prefix2, name2, separator, same)
			}
		}
	})
}

// Foreign entries of a shared store are neither listed nor destroyed.
func TestDestroyingUnderAPrefix(t *testing.T) {
	for name, c := range map[string]struct {
		wrap    func(testing.TB, core.Store) core.Store
		foreign [][2]string
	}{
		"prefix keys": {
			wrapping(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: "p"}),
			[][2]string{{"c", "k"}, {"c", "p"}, {"c", "p_k"}, {"c", "q__k"}, {"c", "p__"}},
		},
		"prefix collections": {
			wrapping(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "p"}),
			[][2]string{{"c", "k"}, {"p", "k"}, {"q__c", "k"}},
		},
		"single collection": {
			wrapping(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Collection: "s"}),
			[][2]string{{"s", "k"}, {"s", "__k"}, {"s", "c__"}, {"c", "k"}, {"other", "c__k"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inner := newMemory(t)
			for _, at := range c.foreign {
				if err := inner.Put(t.Context(), at[0], at[1], json.RawMessage(`{"foreign":1}`), 0); err != nil {
					t.Fatal(err)
				}
			}
			store := c.wrap(t, inner)
			var many []core.Item
			for i := range 2500 { // several pages
				many = append(many, core.Item{Key: string(rune('0' + i)), Value: json.RawMessage(`{}`)})
			}
			for _, collection := range []string{"c", "d", ""} {
				if err := store.PutMany(t.Context(), collection, many); err != nil {
					t.Fatal(err)
				}
			}
			if destroyed, err := core.DestroyCollection(t.Context(), store, "c"); !destroyed || err != nil {
				t.Errorf("destroyed %t, %v", destroyed, err)
			}
			if destroyed, err := core.DestroyCollection(t.Context(), store, "c"); destroyed || err != nil {
				t.Errorf("destroyed again: %t, %v", destroyed, err)
			}
			var left []string
			for collection, err := range core.Collections(t.Context(), store) {
				if err != nil {
					t.Fatal(err)
				}
				left = append(left, collection)
			}
			slices.Sort(left)
			if !slices.Equal(left, []string{"d", core.DefaultCollection}) && !slices.Equal(left, []string{core.DefaultCollection, "d"}) {
				t.Errorf("left: %q", left)
			}
			if err := core.Destroy(t.Context(), store); err != nil {
				t.Error(err)
			}
			for collection := range core.Collections(t.Context(), store) {
				t.Errorf("%q is left", collection)
			}
			for _, at := range c.foreign {
				if _, err := inner.Get(t.Context(), at[0], at[1]); err != nil {
					t.Errorf("the foreign %q is gone: %v", at, err)
				}
			}
		})
	}
}
