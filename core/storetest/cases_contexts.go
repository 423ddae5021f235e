package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// doneContext is a context that is done, with what its Err is.
type doneContext struct {
	name string
	ctx  context.Context
}

func doneContexts() []doneContext {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	expired, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Hour))
	cancel()
	return []doneContext{{"a cancelled context", cancelled}, {"a context whose deadline is over", expired}}
}

// wantDone wants that the method refuses a context which is done.
func (s *scenario) wantDone(m *storeMethod, a callArguments, done doneContext) {
	s.Helper()
	answer := m.call(done.ctx, s.store, a)
	if !errors.Is(answer.err, done.ctx.Err()) || answer.beside {
		s.Errorf("%s with %s = %v; want an error that matches %q, and nothing beside it",
			s.with(m, a), done.name, answer.err, done.ctx.Err())
	}
}

func argumentsFirst(o *Options) string {
	if o.ArgumentsFirst {
		return "the store looks at arguments first"
	}
	return ""
}

var contextCases = []testCase{
	{
		name:  "context-done",
		rules: []int{10},
		run: func(s *scenario) {
			s.put("k", one)
			s.put("first", two)
			a := s.legal()
			a.value = []byte(three)
			for _, done := range doneContexts() {
				for _, m := range s.methods(anyMethod) {
					s.wantDone(m, a, done)
					// Whatever the answer, nothing may have happened.
					s.wantMany([]string{"k", "first"}, one, two)
				}
			}
		},
	},
	{
		name:  "context-done-insert",
		rules: []int{10},
		needs: core.CanInsert,
		run: func(s *scenario) {
			for _, done := range doneContexts() {
				s.wrote("k")
				s.wantDone(methodNamed("Insert"), s.legal(), done)
				s.wantMiss("k")
			}
		},
	},
	{
		name:       "context-done-destroy",
		rules:      []int{10},
		needs:      core.CanDestroy,
		disposable: true,
		run: func(s *scenario) {
			s.put("k", one)
			for _, done := range doneContexts() {
				s.wantDone(methodNamed("Destroy"), s.legal(), done)
				s.wantRead("k", one)
			}
		},
	},
	{
		name:  "context-before-arguments",
		rules: []int{10},
		when:  argumentsFirst,
		run: func(s *scenario) {
			for _, done := range doneContexts() {
				for _, m := range s.methods(takesCollection) {
					a := s.legal()
					a.collection, a.key, a.value, a.ttl = "c\xff", "", nil, -1
					s.wantDone(m, a, done)
				}
				for _, m := range s.methods(takesItem) {
					a := s.legal()
					a.value = []byte(`{"a":`)
					s.wantDone(m, a, done)
				}
			}
		},
	},
	{
		// What a short deadline does not leave time for must end with its
		// error, and soon, and not with one of the driver.
		name:  "context-deadline",
		rules: []int{10},
		run: func(s *scenario) {
			items := make([]core.Item, thousand)
			for i := range items {
				key, value := numbered(i)
				items[i] = item(key, value)
				s.wrote(key)
			}
			for _, allowed := range []time.Duration{time.Microsecond, 100 * time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
				s.unlessStuck(fmt.Sprintf("%s with a deadline of %v", s.call("PutMany"), allowed), func() {
					ctx, cancel := context.WithTimeout(s.ctx, allowed)
					defer cancel()
					s.wantWithin("PutMany", allowed, s.store.PutMany(ctx, s.collection, items))
				})
				s.unlessStuck(fmt.Sprintf("%s with a deadline of %v", s.call("Get", "k"), allowed), func() {
					ctx, cancel := context.WithTimeout(s.ctx, allowed)
					defer cancel()
					_, err := s.store.Get(ctx, s.collection, "k")
					s.wantWithin("Get", allowed, err)
				})
			}
			s.put("k", one) // the store has survived it
			s.wantRead("k", one)
		},
	},
	{
		name:  "context-cancelled-meanwhile",
		rules: []int{10},
		run: func(s *scenario) {
			s.unlessStuck("a call whose context was cancelled meanwhile", func() {
				for range 20 {
					ctx, cancel := context.WithCancel(s.ctx)
					s.together(4, func(caller int) {
						switch caller {
						case 0:
							cancel()
						default:
							key, value := numbered(caller)
							s.wrote(key)
							err := s.store.Put(ctx, s.collection, key, []byte(value), core.NoTTL)
							if err != nil && !errors.Is(err, context.Canceled) {
								s.Errorf("%s, cancelled meanwhile, = %v; want nil or an error that matches %q",
									s.call("Put", key), err, context.Canceled)
							}
						}
					})
				}
			})
		},
	},
}

// wantWithin wants that a call with a deadline succeeded or says that the
// deadline is over.
func (s *scenario) wantWithin(method string, allowed time.Duration, err error) {
	s.Helper()
	if err != nil && err != core.ErrNotFound && !errors.Is(err, context.DeadlineExceeded) {
		s.Errorf("%s with a deadline of %v = %v; want nil or an error that matches %q",
			s.call(method), allowed, err, context.DeadlineExceeded)
	}
}
