package storetest

import (
	"errors"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

func cannotCorrupt(o *Options) string {
	if o.Corrupt == nil {
		return "Options.Corrupt is not set"
	}
	return ""
}

// corrupt makes a corrupt entry under the key.
func (s *scenario) corrupt(key string) {
	s.Helper()
	s.wrote(key)
	ctx, cancel := s.within()
	defer cancel()
	if err := s.options.Corrupt(ctx, s.store, s.collection, key); err != nil {
		s.Fatalf("Options.Corrupt = %v", err)
	}
}

// wantCorrupt reads a corrupt entry in every way.
func (s *scenario) wantCorrupt(key string) {
	s.Helper()
	a := s.legal()
	a.key = key
	for _, name := range []string{"Get", "GetAppend"} {
		s.wantAnswer(methodNamed(name), a, core.ErrCorrupt)
	}
	if _, err := s.tryGetMany(key); !errors.Is(err, core.ErrCorrupt) {
		s.Errorf("%s of a corrupt entry = %v; want an error that matches ErrCorrupt", s.call("GetMany", key), err)
	}
}

var corruptCases = []testCase{
	{
		name:  "corrupt-is-no-miss",
		rules: []int{12, 17},
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.corrupt("bad")
			for range 3 { // it does not go away by being read
				s.wantCorrupt("bad")
			}
			a := s.legal()
			a.key = "bad"
			s.wantShape(methodNamed("Get"), a, s.ask(methodNamed("Get"), a).err)
		},
	},
	{
		name:  "corrupt-in-a-batch",
		rules: []int{8, 12},
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", two))
			s.corrupt("bad")
			keys := []string{"a", "bad", "missing", "b", "bad", "a"}
			want := []string{one, "", "", two, "", one}
			entries, err := s.tryGetMany(keys...)
			if !errors.Is(err, core.ErrCorrupt) {
				s.Errorf("%s = %v; want an error that matches ErrCorrupt", s.call("GetMany", keys...), err)
			}
			if failed := core.FailedKeys(err); !slices.Equal(failed, []string{"bad"}) {
				s.Errorf("%s failed for the keys %q; want only \"bad\"", s.call("GetMany", keys...), failed)
			}
			if len(entries) != len(keys) {
				s.Fatalf("%s returned %d entries beside the error; want %d, the good ones whole",
					s.call("GetMany", keys...), len(entries), len(keys))
			}
			for i, entry := range entries {
				if entry.Found() != (want[i] != "") || entry.Found() && !s.same(entry.Value, want[i]) {
					s.Errorf("%s has %s at place %d, beside a corrupt entry; want %q",
						s.call("GetMany", keys...), shown(entry.Value), i, want[i])
				}
			}
		},
	},
	{
		name:  "corrupt-in-a-listing",
		rules: []int{12, 15},
		needs: core.CanKeys,
		when:  cannotCorrupt,
		run: func(s *scenario) {
			want := []string{"a", "m", "z"}
			for _, key := range want {
				s.put(key, one)
			}
			s.corrupt("bad")
			got, err := s.keysBesideCorrupt()
			if err != nil {
				s.Fatalf("%s, with a corrupt entry among others, ended with: %v", s.call("Keys"), err)
			}
			// A store that lists without reading cannot know.
			got = slices.DeleteFunc(got, func(key string) bool { return key == "bad" })
			s.compareNames(s.call("Keys"), got, want)
			s.wantAllListed(s.collection)
		},
	},
	{
		name:  "corrupt-is-replaced",
		rules: []int{12},
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.corrupt("a")
			s.put("a", one)
			s.wantRead("a", one)
			s.corrupt("b")
			s.putMany(item("b", two), item("c", three))
			s.wantMany([]string{"a", "b", "c"}, one, two, three)
			s.wantKeys("a", "b", "c")
		},
	},
	{
		name:  "corrupt-is-deleted",
		rules: []int{12},
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.put("c", one)
			s.corrupt("a")
			s.corrupt("b")
			if _, err := s.tryDelete("a"); err != nil {
				s.Errorf("%s of a corrupt entry = %v; want no error", s.call("Delete", "a"), err)
			}
			s.wantMiss("a")
			if _, err := s.tryDeleteMany("b", "c"); err != nil {
				s.Errorf("%s of a corrupt entry and another = %v; want no error", s.call("DeleteMany", "b", "c"), err)
			}
			s.wantMany([]string{"a", "b", "c"}, "", "", "")
			s.wantKeys()
		},
	},
	{
		name:  "corrupt-refuses-insert",
		rules: []int{12},
		needs: core.CanInsert,
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.corrupt("bad")
			a := s.legal()
			a.key = "bad"
			s.wantAnswer(methodNamed("Insert"), a, core.ErrCorrupt)
			s.wantCorrupt("bad")
		},
	},
	{
		name:  "corrupt-survives-cull",
		rules: []int{12, 17},
		needs: core.CanCull,
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.put("a", one)
			s.corrupt("bad")
			ctx, cancel := s.within()
			defer cancel()
			if _, err := core.Cull(ctx, s.store); err != nil && !errors.Is(err, core.ErrCorrupt) {
				s.Errorf("Cull() beside a corrupt entry = %v; want nil or an error that matches ErrCorrupt", err)
			}
			s.wantCorrupt("bad")
			s.wantRead("a", one)
		},
	},
	{
		name:  "corrupt-goes-with-its-collection",
		rules: []int{12, 14},
		needs: core.CanDestroyCollection,
		when:  cannotCorrupt,
		run: func(s *scenario) {
			s.put("a", one)
			s.corrupt("bad")
			ctx, cancel := s.within()
			defer cancel()
			// It may be left, with an error, where it may be another's.
			_, err := core.DestroyCollection(ctx, s.store, s.collection)
			if err != nil && !errors.Is(err, core.ErrCorrupt) {
				s.Errorf("%s with a corrupt entry = %v; want nil or an error that matches ErrCorrupt", s.call("DestroyCollection"), err)
			}
			s.wantMiss("a")
			if err == nil {
				s.wantMiss("bad")
			}
		},
	},
}
