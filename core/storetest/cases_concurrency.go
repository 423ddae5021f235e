package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

var concurrencyCases = []testCase{
	{
		name:  "workers-with-own-keys",
		rules: []int{11},
		run: func(s *scenario) {
			s.together(8, func(worker int) {
				for i := range 5 {
					key := fmt.Sprintf("worker-%d-%d", worker, i)
					s.wantMiss(key)
					s.put(key, one)
					s.wantRead(key, one)
					s.put(key, two)
					s.wantRead(key, two)
					s.wantDelete(key, true)
					s.wantMiss(key)
				}
			})
			s.wantKeys()
		},
	},
	{
		name:  "writers-of-one-key",
		rules: []int{11},
		run: func(s *scenario) {
			const writers, rounds = 8, 20
			s.put("k", marked(0))
			s.together(2*writers, func(caller int) {
				for round := range rounds {
					if caller < writers {
						var err error
						if value := marked(caller*rounds + round); round%5 == 4 {
							err = s.tryPutMany(item("k", value))
						} else {
							err = s.tryPut("k", value, core.NoTTL)
						}
						s.wantNoError("Put", "k", err)
						continue
					}
					entry, err := s.tryGet("k")
					if caller%2 == 0 {
						entry, err = s.tryGetAppend("k", nil)
					}
					if err != nil || !wellMarked(entry.Value, writers*rounds) {
						s.Errorf("%s beside %d writers = %s; want one of the values that they write, whole",
							s.call("Get", "k"), writers, described(entry, err))
					}
				}
			})
			if entry := s.get("k"); !wellMarked(entry.Value, writers*rounds) {
				s.Errorf("%s after %d writers = %s; want one of the values that they wrote",
					s.call("Get", "k"), writers, shown(entry.Value))
			}
		},
	},
	{
		// Nobody else writes the keys of a caller: what it wrote last is there
		// in the end.
		name:  "writers-of-many-keys",
		rules: []int{11},
		run: func(s *scenario) {
			const callers, keys = 8, 10
			s.together(callers, func(caller int) {
				for i := range keys {
					key := fmt.Sprintf("k-%d-%d", caller, i)
					s.wantNoError("Put", key, s.tryPut(key, one, core.NoTTL))
					s.wantNoError("Put", key, s.tryPut(key+"-gone", one, core.NoTTL))
					s.wantNoError("PutMany", key, s.tryPutMany(item(key, two), item(key+"-2", three)))
					if _, err := s.tryDelete(key + "-gone"); err != nil {
						s.wantNoError("Delete", key, err)
					}
				}
			})
			var want []string
			for caller := range callers {
				for i := range keys {
					key := fmt.Sprintf("k-%d-%d", caller, i)
					s.wantMany([]string{key, key + "-2", key + "-gone"}, two, three, "")
					want = append(want, key, key+"-2")
				}
			}
			s.wantKeys(want...)
		},
	},
	{
		name:  "everything-at-once",
		rules: []int{11},
		run: func(s *scenario) {
			s.put("stays", one)
			a := s.legal()
			s.wrote("k", "first")
			other := s.newCollection()
			methods := s.methods(anyMethod)
			s.together(3*len(methods), func(caller int) {
				m := methods[caller%len(methods)]
				arguments := a
				if m.op == "destroy collection" {
					arguments.collection = other
				}
				for range 5 {
					if err := s.ask(m, arguments).err; err != nil && err != core.ErrNotFound && !foreign(m, err) {
						s.Errorf("%s beside all other methods = %v; want no error", s.with(m, arguments), err)
					}
				}
			})
			s.wantRead("stays", one)
		},
	},
}

// foreign reports whether an error speaks of what others keep in the same
// database and we cannot decode.
func foreign(m *storeMethod, err error) bool {
	return !m.takesCollection && errors.Is(err, core.ErrCorrupt)
}

// marked is value n of many: it has n twice, at both ends of a long text, so
// that half of it beside half of another is noticed.
func marked(n int) string {
	padding := strings.Repeat(strconv.Itoa(n%10), 2000)
	return fmt.Sprintf(`{"first":%d,"padding":"%s","last":%d}`, n, padding, n)
}

// wellMarked reports whether a value is marked, with a number below the limit.
func wellMarked(value json.RawMessage, limit int) bool {
	var v struct {
		First, Last int
		Padding     string
	}
	return json.Unmarshal(value, &v) == nil && v.First == v.Last && v.First >= 0 && v.First < limit &&
		v.Padding == strings.Repeat(strconv.Itoa(v.First%10), 2000)
}
