package storetest

import (
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// sweeper is what may come upon an expired entry while somebody writes it
// anew. It returns how many live entries it was told to have removed.
type sweeper struct {
	name  string
	needs core.Capability
	call  func(s *scenario, key string) (removed int, err error)
}

// sweepers are in an order in which none spoils the next one's entries.
var sweepers = []sweeper{
	{name: "Get", call: func(s *scenario, key string) (int, error) {
		_, err := s.tryGet(key)
		return 0, err
	}},
	{name: "GetAppend", call: func(s *scenario, key string) (int, error) {
		_, err := s.tryGetAppend(key, nil)
		return 0, err
	}},
	{name: "GetMany", call: func(s *scenario, key string) (int, error) {
		_, err := s.tryGetMany(key, key+"-missing")
		return 0, err
	}},
	{name: "Keys", needs: core.CanKeys, call: func(s *scenario, _ string) (int, error) {
		_, err := s.keys()
		return 0, err
	}},
	{name: "Collections", needs: core.CanCollections, call: func(s *scenario, _ string) (int, error) {
		s.collections()
		return 0, nil
	}},
	{name: "Delete", call: func(s *scenario, key string) (int, error) {
		live, err := s.tryDelete(key)
		if live {
			return 1, err
		}
		return 0, err
	}},
	{name: "DeleteMany", call: func(s *scenario, key string) (int, error) {
		return s.tryDeleteMany(key, key+"-missing")
	}},
	{name: "Cull", needs: core.CanCull, call: func(s *scenario, _ string) (int, error) {
		_, err := s.cull()
		return 0, err
	}},
}

// cull removes expired entries. Others may keep what cannot be decoded in the
// same database.
func (s *scenario) cull() (int, error) {
	ctx, cancel := s.within()
	defer cancel()
	count, err := core.Cull(ctx, s.store)
	if errors.Is(err, core.ErrCorrupt) {
		err = nil
	}
	return count, err
}

// rewritten writes expired entries anew, with the function, while sweepers come
// upon them, and wants that nothing is lost that was acknowledged.
func (s *scenario) rewritten(method string, write func(at *scenario, key string) (bool, error)) {
	s.Helper()
	const keys = 10
	places := make([]*scenario, len(sweepers))
	for i, sweeper := range sweepers {
		if !s.can(sweeper.needs) {
			continue
		}
		places[i] = s.elsewhere()
		for k := range keys {
			key, value := numbered(k)
			places[i].putFor(key, value, s.shortTTL())
		}
	}
	sleepUntil(s.putShort("last", one))
	for i, at := range places {
		if at != nil {
			at.rewriteBeside(sweepers[i], keys, method, write)
		}
	}
}

// rewriteBeside has one writer and one sweeper for each of the keys, all at
// once.
func (s *scenario) rewriteBeside(sweeper sweeper, keys int, method string, write func(*scenario, string) (bool, error)) {
	s.Helper()
	written := make([]bool, keys)
	removed := make([]int, keys)
	s.together(2*keys, func(caller int) {
		i := caller / 2
		key, _ := numbered(i)
		var err error
		if caller%2 == i%2 { // now the one begins, now the other
			written[i], err = write(s, key)
			s.wantNoError(method, key, err)
		} else {
			removed[i], err = sweeper.call(s, key)
			s.wantNoError(sweeper.name, key, err)
		}
	})
	for i := range keys {
		key, _ := numbered(i)
		entry, err := s.tryGet(key)
		switch {
		case removed[i] > 0: // what was written, and said so
		case !written[i]:
			s.Errorf("%s over an expired entry, beside %s, wrote nothing", s.call(method, key), sweeper.name)
		case err != nil || !s.same(entry.Value, two):
			s.Errorf("%s over an expired entry succeeded, beside %s, and yet %s = %s; want %s",
				s.call(method, key), sweeper.name, s.call("Get", key), described(entry, err), two)
		}
	}
}

var sweepCases = []testCase{
	{
		name:  "put-beside-sweepers",
		rules: []int{11, 17},
		clock: true,
		run: func(s *scenario) {
			s.rewritten("Put", func(at *scenario, key string) (bool, error) {
				return true, at.tryPut(key, two, core.NoTTL)
			})
		},
	},
	{
		name:  "put-many-beside-sweepers",
		rules: []int{11, 17},
		clock: true,
		run: func(s *scenario) {
			s.rewritten("PutMany", func(at *scenario, key string) (bool, error) {
				return true, at.tryPutMany(item(key, two))
			})
		},
	},
	{
		name:  "insert-beside-sweepers",
		rules: []int{11, 16, 17},
		needs: core.CanInsert,
		clock: true,
		run: func(s *scenario) {
			s.rewritten("Insert", func(at *scenario, key string) (bool, error) {
				return at.tryInsert(key, two, core.NoTTL)
			})
		},
	},
	{
		name:  "cull",
		rules: []int{17},
		needs: core.CanCull,
		clock: true,
		run: func(s *scenario) {
			other := s.elsewhere()
			s.put("stays", one)
			s.putFor("long", two, time.Hour)
			other.put("stays", three)
			for _, key := range []string{"a", "b"} {
				s.putShort(key, one)
				sleepUntil(other.putShort(key, one))
			}
			for range 2 {
				// The count may be of others' entries too.
				if _, err := s.cull(); err != nil {
					s.Errorf("Cull() = %v; want no error", err)
				}
				s.wantMany([]string{"a", "stays", "b", "long"}, "", one, "", two)
				other.wantMany([]string{"a", "stays", "b"}, "", three, "")
				s.wantKeys("stays", "long")
			}
			s.put("a", two)
			s.wantRead("a", two)
		},
	},
	{
		name:       "cull-counts",
		rules:      []int{17},
		needs:      core.CanCull,
		clock:      true,
		disposable: true,
		when: func(o *Options) string {
			if !o.InProcess {
				return "a server may remove expired entries before Cull does"
			}
			return ""
		},
		run: func(s *scenario) {
			s.put("stays", one)
			for _, key := range []string{"a", "b", "c"} {
				s.putFor(key, one, s.shortTTL())
			}
			if n, err := s.cull(); n != 0 || err != nil {
				s.Errorf("Cull() before anything has expired = %d, %v; want 0, nil", n, err)
			}
			sleepUntil(s.putShort("d", one))
			s.put("d", two)
			s.wantMiss("a") // removes nothing
			if n, err := s.cull(); n != 3 || err != nil {
				s.Errorf("Cull() of 3 expired entries and 2 live ones = %d, %v; want 3, nil", n, err)
			}
			if n, err := s.cull(); n != 0 || err != nil {
				s.Errorf("Cull() again = %d, %v; want 0, nil", n, err)
			}
			s.wantMany([]string{"stays", "d"}, one, two)
		},
	},
}
