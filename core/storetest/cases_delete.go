package storetest

import (
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

var deleteCases = []testCase{
	{
		name:  "delete-twice",
		rules: []int{6},
		run: func(s *scenario) {
			s.put("k", one)
			s.wantDelete("k", true)
			s.wantDelete("k", false)
			s.wantMiss("k")
			s.wantKeys()
		},
	},
	{
		name:  "delete-many-counts",
		rules: []int{6},
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", two), item("c", three))
			s.wantDeleteMany([]string{"a", "missing"}, 1)
			s.wantDeleteMany([]string{"a", "missing"}, 0)
			s.wantMany([]string{"a", "b", "c"}, "", two, three)
			s.wantDeleteMany([]string{"b", "c"}, 2)
			s.wantMany([]string{"a", "b", "c"}, "", "", "")
			s.wantKeys()
		},
	},
	{
		name:  "delete-with-ttl",
		rules: []int{6},
		run: func(s *scenario) {
			for _, key := range []string{"a", "b"} {
				s.putFor(key, one, s.options.Timeout+s.options.TimeStep)
			}
			s.wantDelete("a", true)
			s.wantDeleteMany([]string{"b"}, 1)
			s.put("a", two) // the old expiry must not have stayed behind
			s.wantNoExpiry("a")
		},
	},
	{
		name:  "racing-deletes",
		rules: []int{6, 11},
		run: func(s *scenario) {
			const callers = 8
			for i := range 25 {
				key, value := numbered(i)
				s.put(key, value)
				var told atomic.Int64
				s.together(callers, func(caller int) {
					if (caller+i)%4 == 3 {
						count, err := s.tryDeleteMany(key)
						told.Add(int64(count))
						s.wantNoError("DeleteMany", key, err)
						return
					}
					live, err := s.tryDelete(key)
					if live {
						told.Add(1)
					}
					s.wantNoError("Delete", key, err)
				})
				if n := told.Load(); n == 0 || n > 1 && !s.options.BestEffortDelete {
					s.Errorf("of %d racing deletes of %q, %d were told that a live entry was there; want 1", callers, key, n)
				}
				s.wantMiss(key)
			}
		},
	},
}

// wantNoError reports an error of one of many callers.
func (s *scenario) wantNoError(method, key string, err error) {
	s.Helper()
	if err != nil && err != core.ErrNotFound {
		s.Errorf("%s beside other callers = %v; want no error", s.call(method, key), err)
	}
}
