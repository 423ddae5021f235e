package storetest

import (
	"context"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// leaves are the errors that a join consists of.
func leaves(err error) (all []error) {
	if _, ok := err.(*core.Error); ok {
		return []error{err}
	}
	if join, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range join.Unwrap() {
			all = append(all, leaves(part)...)
		}
		return all
	}
	return []error{err}
}

// wantShape wants that a refusal is a core.Error, or a join of those, which
// names the operation and has the caller's names as given.
func (s *scenario) wantShape(m *storeMethod, a callArguments, err error) {
	s.Helper()
	call := s.with(m, a)
	if err == nil {
		s.Errorf("%s = nil; want an error", call)
		return
	}
	for _, leaf := range leaves(err) {
		e, ok := leaf.(*core.Error)
		if !ok {
			s.Errorf("%s = %v, a %T; want a *core.Error", call, leaf, leaf)
			return
		}
		if e.Op != m.op {
			s.Errorf("%s = an error with Op %q; want %q", call, e.Op, m.op)
		}
		// Of a batch the whole is meant, or one key.
		if m.takesKey && e.Key != a.key && !(m.many && e.Key == "") {
			s.Errorf("%s = an error with Key %s; want %s, as given", call, quoted(e.Key), quoted(a.key))
		}
		if m.takesCollection && e.Collection != a.collection && !(m.many && !m.takesKey && e.Collection == "") {
			s.Errorf("%s = an error with Collection %s; want %s, as given", call, s.named(e.Collection), s.named(a.collection))
		}
		if e.Err == nil {
			s.Errorf("%s = an error without a cause", call)
		}
	}
	if text := err.Error(); strings.Contains(text, "canary") || len(text) > 4096 {
		s.Errorf("%s has an error text of %d bytes that holds the value or is endless: %s", call, len(text), quoted(text))
	}
}

var errorCases = []testCase{
	{
		name:  "error-of-names",
		rules: []int{2, 18},
		run: func(s *scenario) {
			for _, m := range s.methods(takesKey) {
				for _, key := range []string{"", "k\xff"} {
					a := s.legal()
					a.key, a.value = key, []byte(`{"canary":1}`)
					s.wantShape(m, a, s.ask(m, a).err)
				}
				a := s.legal()
				a.collection, a.key = "", "k\xff" // the default collection, as given
				s.wantShape(m, a, s.ask(m, a).err)
			}
			for _, m := range s.methods(takesCollection) {
				a := s.legal()
				a.collection = "c\xff" + strings.Repeat("x", 10_000)
				s.wantShape(m, a, s.ask(m, a).err)
			}
		},
	},
	{
		name:  "error-of-values",
		rules: []int{3, 4, 18},
		run: func(s *scenario) {
			for _, m := range s.methods(takesItem) {
				for _, value := range []string{``, `["canary"]`, `{"canary":`, `{"a":canary}`} {
					a := s.legal()
					a.value = []byte(value)
					s.wantShape(m, a, s.ask(m, a).err)
				}
				a := s.legal()
				a.value, a.ttl = []byte(`{"canary":1}`), -1
				s.wantShape(m, a, s.ask(m, a).err)
			}
		},
	},
	{
		name:  "error-of-contexts",
		rules: []int{10, 18},
		run: func(s *scenario) {
			ctx, cancel := context.WithCancel(s.ctx)
			cancel()
			for _, m := range s.methods(anyMethod) {
				a := s.legal()
				a.value = []byte(`{"canary":1}`)
				s.wantShape(m, a, m.call(ctx, s.store, a).err)
			}
		},
	},
	{
		name:  "error-names-the-item",
		rules: []int{8, 18},
		run: func(s *scenario) {
			ctx, cancel := s.within()
			defer cancel()
			err := s.store.PutMany(ctx, s.collection, []core.Item{item("good", one), item("bad", `[]`), item("fine", two)})
			if keys := core.FailedKeys(err); len(keys) != 1 || keys[0] != "bad" {
				s.Errorf("%s, whose item \"bad\" is illegal, = %v; FailedKeys has %q", s.call("PutMany"), err, keys)
			}
		},
	},
	{
		name:  "miss-is-bare",
		rules: []int{12, 18},
		run: func(s *scenario) {
			for _, name := range []string{"Get", "GetAppend"} {
				m := methodNamed(name)
				a := s.legal()
				answer := s.ask(m, a)
				if answer.err != core.ErrNotFound {
					s.Errorf("%s of a missing key = %v (%T); want core.ErrNotFound itself",
						s.call(name, a.key), answer.err, answer.err)
				}
			}
		},
	},
}
