package storetest

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// closable returns whether the store can be closed: what has nothing to close
// goes on.
func (s *scenario) closable() bool {
	_, ok := core.As[io.Closer](s.store)
	return ok
}

// closeStore closes the store, which may hang where a call is under way.
func (s *scenario) closeStore() {
	s.Helper()
	s.unlessStuck("Close", func() {
		if err := core.Close(s.store); err != nil {
			s.Errorf("Close = %v, want nil", err)
		}
	})
}

// leave puts entries that expire by themselves, since a case that closes its
// store cannot remove them.
func (s *scenario) leave(keys ...string) {
	s.Helper()
	for _, key := range keys {
		s.putFor(key, one, time.Minute+s.options.TimeStep)
	}
}

var closeCases = []testCase{
	{
		name:       "closed",
		rules:      []int{13},
		disposable: true,
		run: func(s *scenario) {
			if !s.closable() {
				return
			}
			s.leave("k")
			s.closeStore()
			for i := range storeMethods {
				if m := &storeMethods[i]; s.answers(m) {
					s.wantAnswer(m, s.legal(), core.ErrClosed)
					s.wantShape(m, s.legal(), s.ask(m, s.legal()).err)
				}
			}
		},
	},
	{
		name:       "closed-twice",
		rules:      []int{13},
		disposable: true,
		run: func(s *scenario) {
			s.leave("k")
			first := core.Close(s.store)
			for range 3 {
				if again := core.Close(s.store); textOf(again) != textOf(first) {
					s.Errorf("Close again = %v; want %v, as the first one", again, first)
				}
			}
			s.together(4, func(int) {
				if again := core.Close(s.store); textOf(again) != textOf(first) {
					s.Errorf("Close again = %v; want %v, as the first one", again, first)
				}
			})
		},
	},
	{
		name:       "closed-before-use",
		rules:      []int{13},
		disposable: true,
		run: func(s *scenario) {
			if !s.closable() {
				return
			}
			s.closeStore()
			s.wantAnswer(methodNamed("Get"), s.legal(), core.ErrClosed)
			s.wantAnswer(methodNamed("Put"), s.legal(), core.ErrClosed)
		},
	},
	{
		name:       "closed-checks-in-order",
		rules:      []int{10, 13},
		disposable: true,
		when:       argumentsFirst,
		run: func(s *scenario) {
			if !s.closable() {
				return
			}
			s.closeStore()
			done := doneContexts()[0]
			for _, m := range s.methods(anyMethod) {
				s.wantDone(m, s.legal(), done)
				a := s.legal()
				a.collection, a.key, a.value, a.ttl = "c\xff", "", nil, -1
				s.wantAnswer(m, a, core.ErrClosed)
			}
		},
	},
	{
		// Calls under way end as they would have, or are refused.
		name:       "closed-beside-calls",
		rules:      []int{11, 13},
		disposable: true,
		run: func(s *scenario) {
			if !s.closable() {
				return
			}
			s.unlessStuck("a call beside Close, or Close", func() {
				s.together(8, func(caller int) {
					if caller == 0 {
						if err := core.Close(s.store); err != nil {
							s.Errorf("Close beside other calls = %v, want nil", err)
						}
						return
					}
					for i := range 20 {
						key, value := numbered(100*caller + i)
						err := s.tryPut(key, value, time.Minute+s.options.TimeStep)
						if err == nil {
							_, err = s.tryGet(key)
						}
						if err != nil && !errors.Is(err, core.ErrClosed) {
							s.Errorf("%s beside Close = %v; want nil or an error that matches ErrClosed", s.call("Put", key), err)
						}
					}
				})
			})
		},
	},
	{
		name:       "closed-inside-a-listing",
		rules:      []int{13, 15},
		needs:      core.CanKeys,
		disposable: true,
		run: func(s *scenario) {
			s.leave("a", "b", "c")
			s.closedInside(func(ctx context.Context) ([]string, error) {
				return s.keysCalling(ctx, func() { s.closeStore() })
			}, 3)
		},
	},
	{
		name:       "closed-inside-a-listing-of-collections",
		rules:      []int{13, 15},
		needs:      core.CanCollections,
		disposable: true,
		run: func(s *scenario) {
			s.leave("a")
			other := s.elsewhere()
			other.leave("a")
			s.closedInside(func(ctx context.Context) ([]string, error) {
				return s.namesCalling(core.Collections(ctx, s.store), func() { s.closeStore() })
			}, 2)
		},
	},
}

// closedInside runs a listing whose body closes the store. It must end, and if
// it is not complete it must say so.
func (s *scenario) closedInside(list func(context.Context) ([]string, error), complete int) {
	s.Helper()
	s.unlessStuck("a listing whose body closes the store", func() {
		ctx, cancel := s.within()
		defer cancel()
		names, err := list(ctx)
		if err != nil && !errors.Is(err, core.ErrClosed) {
			s.Errorf("a listing whose body closes the store ended with %v; want an error that matches ErrClosed", err)
		}
		if err == nil && len(names) < complete {
			s.Errorf("a listing whose body closes the store ended after %d names as if that were all", len(names))
		}
	})
	if s.closable() {
		s.wantAnswer(methodNamed("Get"), s.legal(), core.ErrClosed)
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
