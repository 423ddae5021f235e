package storetest

import (
	"errors"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

var destroyCases = []testCase{
	{
		name:  "destroy-collection",
		rules: []int{14},
		needs: core.CanDestroyCollection,
		run: func(s *scenario) {
			other := s.elsewhere()
			other.put("a", three)
			for range 3 { // it can be used again at once
				s.putMany(item("a", one), item("b", two))
				s.wantDestroyed()
				s.wantMany([]string{"a", "b"}, "", "")
				s.wantMiss("a")
				s.wantKeys()
				s.wantNotListed(s.collection)
				s.wantDelete("a", false)
				s.put("a", one)
				s.wantRead("a", one)
				s.wantKeys("a")
				other.wantRead("a", three)
			}
		},
	},
	{
		name:  "destroy-collection-of-nothing",
		rules: []int{14},
		needs: core.CanDestroyCollection,
		run: func(s *scenario) {
			for range 2 {
				ctx, cancel := s.within()
				existed, err := core.DestroyCollection(ctx, s.store, s.collection)
				cancel()
				if existed || err != nil {
					s.Errorf("%s of a collection that is not there = %v, %v; want false, nil",
						s.call("DestroyCollection"), existed, err)
				}
			}
		},
	},
	{
		name:  "destroy-collection-neighbours",
		rules: []int{2, 14},
		needs: core.CanDestroyCollection,
		run: func(s *scenario) {
			base := unique()
			s.traces.own(base)
			at := s.in(base)
			at.put("k", one)
			var others []*scenario
			for _, name := range []string{
				base + "x", base + ":", base + "::", base + "::k", base + "_", base + "__", base + "*", base + "/", base + ".",
				base + "%", base + "\x00", "x" + base, ":" + base, strings.ToUpper(base), base[1:], base[:11],
			} {
				if s.refuses(pair{name, "k"}) {
					continue
				}
				s.traces.own(name)
				others = append(others, s.in(name))
				s.in(name).put("k", two)
			}
			at.wantDestroyed()
			at.wantMiss("k")
			for _, other := range others {
				other.wantRead("k", two)
				other.wantKeys("k")
			}
		},
	},
	{
		name:  "destroy-collection-with-many",
		rules: []int{14},
		needs: core.CanDestroyCollection,
		run: func(s *scenario) {
			keys := s.fill(beyondPage)
			s.wantDestroyed()
			s.wantMany(keys, make([]string, len(keys))...)
			s.wantKeys()
		},
	},
	{
		name:  "destroy-collection-beside-writers",
		rules: []int{11, 14},
		needs: core.CanDestroyCollection,
		run: func(s *scenario) {
			s.together(8, func(caller int) {
				for i := range 5 {
					key, value := numbered(10*caller + i)
					if caller < 2 {
						ctx, cancel := s.within()
						_, err := core.DestroyCollection(ctx, s.store, s.collection)
						cancel()
						s.wantNoError("DestroyCollection", "", err)
						continue
					}
					// What is made for the collection may be gone again each time.
					if err := s.tryPut(key, value, core.NoTTL); !errors.Is(err, core.ErrSetup) {
						s.wantNoError("Put", key, err)
					}
					_, err := s.tryGet(key)
					s.wantNoError("Get", key, err)
				}
			})
			s.put("k", one)
			s.wantRead("k", one)
		},
	},
	{
		name:       "destroy",
		rules:      []int{14},
		needs:      core.CanDestroy,
		disposable: true,
		run: func(s *scenario) {
			other := s.elsewhere()
			for range 3 {
				s.putMany(item("a", one), item("b", two))
				other.put("a", three)
				ctx, cancel := s.within()
				err := core.Destroy(ctx, s.store)
				cancel()
				if err != nil {
					s.Errorf("Destroy() = %v, want nil", err)
				}
				s.wantMany([]string{"a", "b"}, "", "")
				other.wantMiss("a")
				s.wantKeys()
				s.wantNotListed(s.collection)
				s.wantNotListed(other.collection)
				s.put("a", two) // it can be used again at once
				s.wantRead("a", two)
				s.wantKeys("a")
			}
		},
	},
}
