package storetest

import (
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// These cases work in the real default collection, which may be in use: their
// keys are unguessable and removed in the end.

// byBothNames calls the function with the default collection by its one name
// and by the other, and the other way round.
func (s *scenario) byBothNames(call func(from, to *scenario, key string)) {
	unnamed, named := s.in(""), s.in(s.options.DefaultCollection)
	call(unnamed, named, "storetest-"+unique())
	call(named, unnamed, "storetest-"+unique())
}

var defaultCases = []testCase{
	{
		name:  "default-collection",
		rules: []int{1},
		run: func(s *scenario) {
			s.byBothNames(func(from, to *scenario, key string) {
				from.put(key, one)
				to.wantRead(key, one)
				to.put(key, two)
				from.wantRead(key, two)
				to.wantDelete(key, true)
				from.wantMiss(key)
			})
		},
	},
	{
		name:  "default-collection-bulk",
		rules: []int{1},
		run: func(s *scenario) {
			s.byBothNames(func(from, to *scenario, key string) {
				keys := []string{key + "-1", key + "-2"}
				from.putMany(item(keys[0], one), item(keys[1], two))
				to.wantMany(keys, one, two)
				from.wantMany(keys, one, two)
				to.wantDeleteMany(keys, 2)
				from.wantMany(keys, "", "")
			})
		},
	},
	{
		name:  "default-collection-insert",
		rules: []int{1},
		needs: core.CanInsert,
		run: func(s *scenario) {
			s.byBothNames(func(from, to *scenario, key string) {
				from.wantInsert(key, one, true)
				to.wantInsert(key, two, false)
				to.wantRead(key, one)
			})
		},
	},
	{
		name:  "default-collection-keys",
		rules: []int{1},
		needs: core.CanKeys,
		run: func(s *scenario) {
			s.byBothNames(func(from, to *scenario, key string) {
				from.put(key, one)
				for _, reader := range []*scenario{from, to} {
					// Others may have an entry there that is corrupt.
					if names, _ := reader.keysBesideCorrupt(); !slices.Contains(names, key) {
						s.Errorf("%s lacks a key that was put into %s", reader.call("Keys"), quoted(from.collection))
					}
				}
			})
		},
	},
	{
		name:  "default-collection-listed",
		rules: []int{1},
		needs: core.CanCollections,
		run: func(s *scenario) {
			s.in("").put("storetest-"+unique(), one)
			s.wantAllListed(s.options.DefaultCollection)
			s.wantNotListed("")
		},
	},
	{
		name:       "default-collection-destroyed",
		rules:      []int{1},
		needs:      core.CanDestroyCollection,
		disposable: true,
		run: func(s *scenario) {
			s.byBothNames(func(from, to *scenario, key string) {
				from.put(key, one)
				to.wantDestroyed()
				from.wantMiss(key)
			})
		},
	},
	{
		name:  "default-collection-setup",
		rules: []int{1, 14},
		run: func(s *scenario) {
			for _, collection := range []string{"", s.options.DefaultCollection} {
				a := s.legal()
				a.collection = collection
				if err := s.ask(methodNamed("Setup of a collection"), a).err; err != nil {
					s.Errorf("Setup(%q) = %v, want nil", collection, err)
				}
			}
		},
	},
}
