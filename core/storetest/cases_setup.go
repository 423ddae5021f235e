package storetest

import (
	"github.com/go-keyvalue/keyvalue/core"
)

// setUp calls core.Setup, which must succeed.
func (s *scenario) setUp(collections ...string) {
	s.Helper()
	ctx, cancel := s.within()
	defer cancel()
	if err := core.Setup(ctx, s.store, collections...); err != nil {
		s.Errorf("Setup(%q) = %v, want nil", collections, err)
	}
}

var setupCases = []testCase{
	{
		name:  "setup-twice",
		rules: []int{14},
		run: func(s *scenario) {
			other := s.elsewhere()
			s.setUp()
			s.setUp(s.collection)
			s.setUp(s.collection, other.collection, s.collection)
			s.put("k", one)
			s.setUp(s.collection) // touches nothing that is there
			s.setUp()
			s.wantRead("k", one)
			other.wantMiss("k")
			s.wantKeys("k")
			other.wantKeys()
		},
	},
	{
		name:  "setup-makes-no-entries",
		rules: []int{14, 15},
		run: func(s *scenario) {
			s.setUp(s.collection)
			s.wantMiss("k")
			s.wantKeys()
			s.wantNotListed(s.collection)
		},
	},
	{
		name:  "setup-by-first-writes",
		rules: []int{11, 14},
		run: func(s *scenario) {
			const callers = 16
			for range 3 {
				fresh := s.elsewhere()
				var want []string
				for caller := range callers {
					key, _ := numbered(caller)
					want = append(want, key)
				}
				s.together(callers, func(caller int) {
					key, value := numbered(caller)
					var err error
					switch caller % 4 {
					case 0:
						err = fresh.tryPut(key, value, core.NoTTL)
					case 1:
						err = fresh.tryPutMany(item(key, value))
					case 2:
						fresh.setUp(fresh.collection)
						err = fresh.tryPut(key, value, core.NoTTL)
					default:
						_, err = fresh.tryGet(key)
						fresh.wantNoError("Get", key, err)
						err = fresh.tryPut(key, value, core.NoTTL)
					}
					fresh.wantNoError("a first write", key, err)
				})
				for i, key := range want {
					_, value := numbered(i)
					fresh.wantValue(key, value)
				}
				fresh.wantKeys(want...)
			}
		},
	},
	{
		name:  "reads-make-nothing",
		rules: []int{14},
		run: func(s *scenario) {
			s.wantMiss("k")
			s.wantDelete("k", false)
			s.wantDeleteMany([]string{"k", "l"}, 0)
			s.wantKeys()
			s.wantNotListed(s.collection)
			if s.can(core.CanDestroyCollection) {
				ctx, cancel := s.within()
				defer cancel()
				if existed, err := core.DestroyCollection(ctx, s.store, s.collection); existed || err != nil {
					s.Errorf("%s after nothing but reads = %v, %v; want false, nil", s.call("DestroyCollection"), existed, err)
				}
			}
		},
	},
	{
		name:  "setup-refuses-names",
		rules: []int{2, 14},
		run: func(s *scenario) {
			a := s.legal()
			a.collection = "c\xff"
			if m := methodNamed("Setup of a collection"); s.answers(m) {
				s.wantAnswer(m, a, core.ErrInvalidKey)
			}
			s.put("k", one)
			s.wantRead("k", one)
		},
	},
}
