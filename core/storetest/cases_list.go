package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// fill puts n entries and returns their keys.
func (s *scenario) fill(n int) []string {
	s.Helper()
	keys := make([]string, n)
	items := make([]core.Item, n)
	for i := range n {
		key, value := numbered(i)
		keys[i], items[i] = key, item(key, value)
	}
	for chunk := range slices.Chunk(items, thousand) {
		s.putMany(chunk...)
	}
	return keys
}

// beyondPage is more than the thousand names that stores fetch at once.
const beyondPage = 1100

var listCases = []testCase{
	{
		name:  "keys",
		rules: []int{15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			s.wantKeys()
			s.put("a", one)
			s.wantKeys("a")
			s.putMany(item("b", one), item("c", two))
			s.put("a", two)
			s.wantKeys("a", "b", "c")
			s.wantDelete("b", true)
			s.wantKeys("a", "c")
		},
	},
	{
		name:  "keys-without-a-cap",
		rules: []int{15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			s.wantKeys(s.fill(s.options.Many)...)
		},
	},
	{
		name:  "keys-of-one-collection",
		rules: []int{2, 15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			base := unique()
			var all []*scenario
			for _, tail := range []string{"", "x", ":", "::", "::k", "*", "_", "__k", "/", ".", "%", "é", " ", strings.ToUpper(base)} {
				s.traces.own(base + tail)
				if p := (pair{base + tail, "k"}); !s.refuses(p) {
					all = append(all, s.in(base+tail))
				}
			}
			for i, at := range all {
				at.put(fmt.Sprint("k", i), one)
			}
			for i, at := range all {
				at.wantKeys(fmt.Sprint("k", i))
			}
		},
	},
	{
		name:  "keys-break",
		rules: []int{15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			s.fill(20)
			// Whatever a listing holds until its end, there are less than 200
			// of it.
			for n := range 200 {
				s.unlessStuck("the start of a listing after others were left", func() {
					ctx, cancel := s.within()
					defer cancel()
					for _, err := range s.list(core.Keys(ctx, s.store, s.collection)) {
						if err != nil {
							s.Fatalf("%s after %d listings that were left = %v", s.call("Keys"), n, err)
						}
						break
					}
				})
				if s.Failed() {
					return
				}
			}
			s.put("k", one)
			s.wantRead("k", one)
		},
	},
	{
		name:  "keys-start-anew",
		rules: []int{15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			keys := s.fill(5)
			ctx, cancel := s.within()
			defer cancel()
			listing := core.Keys(ctx, s.store, s.collection)
			for _, err := range listing { // a part of it
				if err != nil {
					s.Errorf("%s yielded the error %q first; want a key", s.call("Keys"), err)
				}
				break
			}
			for range 2 {
				names, err := upToError(s.list(listing))
				s.wantNoError("Keys", "", err)
				s.compareNames(s.call("Keys")+", ranged over again,", names, keys)
			}
			s.put("later", one)
			names, err := upToError(s.list(listing))
			s.wantNoError("Keys", "", err)
			s.compareNames(s.call("Keys")+", ranged over again after a Put,", names, append(keys, "later"))
		},
	},
	{
		name:  "keys-calling-the-store",
		rules: []int{15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			keys := s.fill(beyondPage)
			other := s.elsewhere()
			s.unlessStuck("a listing whose body calls the same store", func() {
				ctx, cancel := s.within()
				defer cancel()
				names, err := s.keysCalling(ctx, func() {
					for _, m := range s.methods(anyMethod) {
						a := s.legal()
						a.collection = other.collection
						other.wrote("k", "first")
						if err := s.ask(m, a).err; err != nil && err != core.ErrNotFound && !foreign(m, err) {
							s.Errorf("%s inside a listing = %v; want no error", s.with(m, a), err)
						}
					}
					inner, err := s.keys()
					s.wantNoError("Keys", "", err)
					s.compareNames(s.call("Keys")+" inside another listing", inner, keys)
				})
				s.wantNoError("Keys", "", err)
				s.compareNames(s.call("Keys")+", whose body calls the store,", names, keys)
			})
		},
	},
	{
		name:  "keys-deleted-while-listed",
		rules: []int{15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			keys := s.fill(beyondPage)
			s.unlessStuck("a listing whose body deletes what was listed", func() {
				ctx, cancel := s.within()
				defer cancel()
				var names, listed []string
				for key, err := range s.list(core.Keys(ctx, s.store, s.collection)) {
					if err != nil {
						s.Fatalf("%s, whose body deletes, ended with: %v", s.call("Keys"), err)
					}
					names = append(names, key)
					if listed = append(listed, key); len(listed) == 100 {
						s.wantDelete(listed[0], true)
						s.wantDeleteMany(listed, 99)
						listed = nil
					}
				}
				s.wantDeleteMany(listed, len(listed))
				s.compareNames(s.call("Keys")+", whose body deletes what was listed,", names, keys)
			})
			s.wantKeys()
		},
	},
	{
		name:  "keys-cancelled-inside",
		rules: []int{10, 15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			keys := s.fill(beyondPage)
			ctx, cancel := s.within()
			defer cancel()
			names, err := s.keysCalling(ctx, cancel)
			if err != nil && !errors.Is(err, context.Canceled) {
				s.Errorf("%s, cancelled inside, ended with %v; want an error that matches %q", s.call("Keys"), err, context.Canceled)
			}
			if err == nil && len(names) < len(keys) {
				s.Errorf("%s, cancelled inside, ended after %d of %d keys as if that were all", s.call("Keys"), len(names), len(keys))
			}
		},
	},
	{
		name:  "keys-at-once",
		rules: []int{11, 15},
		needs: core.CanKeys,
		run: func(s *scenario) {
			keys := s.fill(200)
			s.together(8, func(caller int) {
				if caller%2 == 0 {
					names, err := s.keys()
					s.wantNoError("Keys", "", err)
					s.compareNames(s.call("Keys")+" beside others", names, keys)
					return
				}
				s.wantNoError("Put", keys[caller], s.tryPut(keys[caller], two, core.NoTTL))
			})
		},
	},
	{
		name:  "expired-are-not-listed",
		rules: []int{4, 15},
		needs: core.CanKeys,
		clock: true,
		run: func(s *scenario) {
			s.put("stays", one)
			for _, key := range []string{"a", "z"} {
				s.putShort(key, one)
			}
			sleepUntil(s.putShort("m", one))
			s.wantKeys("stays")
			s.put("m", two)
			s.wantKeys("m", "stays")
		},
	},
	{
		name:  "collections",
		rules: []int{15},
		needs: core.CanCollections,
		run: func(s *scenario) {
			other := s.elsewhere()
			s.wantNotListed(s.collection)
			s.putMany(item("a", one), item("b", two))
			other.put("c", three)
			s.wantAllListed(s.collection)
			s.wantAllListed(other.collection)
			s.wantDelete("a", true)
			s.wantAllListed(s.collection)
			s.wantDelete("b", true)
			s.wantNotListed(s.collection)
			s.wantAllListed(other.collection)
			s.put("a", one)
			s.wantAllListed(s.collection)
		},
	},
	{
		name:  "collections-of-expired",
		rules: []int{4, 15},
		needs: core.CanCollections,
		clock: true,
		run: func(s *scenario) {
			other := s.elsewhere()
			other.put("stays", one)
			s.putShort("a", one)
			other.putShort("a", one)
			sleepUntil(s.putShort("b", one))
			s.wantNotListed(s.collection)
			s.wantAllListed(other.collection)
		},
	},
	{
		name:  "collections-without-a-cap",
		rules: []int{15},
		needs: core.CanCollections,
		when: func(o *Options) string {
			if !o.InProcess {
				return "a thousand collections are too many for a server"
			}
			return ""
		},
		run: func(s *scenario) {
			want := make([]string, beyondPage)
			for i := range want {
				at := s.elsewhere()
				at.put("k", one)
				want[i] = at.collection
			}
			s.wantAllListed(want...)
		},
	},
	{
		name:  "collections-calling-the-store",
		rules: []int{15},
		needs: core.CanCollections,
		run: func(s *scenario) {
			s.put("k", one)
			s.unlessStuck("a listing of collections whose body calls the same store", func() {
				ctx, cancel := s.within()
				defer cancel()
				_, err := s.namesCalling(core.Collections(ctx, s.store), func() {
					s.wantRead("k", one)
					s.put("l", two)
					s.wantAllListed(s.collection)
				})
				s.wantNoError("Collections", "", err)
			})
			for range 20 {
				ctx, cancel := s.within()
				for range s.list(core.Collections(ctx, s.store)) { //nolint:errcheck // a foreign entry that is corrupt may come first
					break
				}
				cancel()
			}
			s.wantMany([]string{"k", "l"}, one, two)
		},
	},
}
