package storetest

import (
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

// wantRefused wants that Put refuses the key for its name, and that nothing
// was written.
func (s *scenario) wantRefused(key string) {
	s.Helper()
	if err := s.tryPut(key, one, core.NoTTL); !errors.Is(err, core.ErrInvalidKey) {
		s.Errorf("%s = %v; want ErrInvalidKey, as the options say", s.call("Put", key), err)
	}
}

// wantNameRefused wants that every method which satisfies the condition
// refuses the names.
func (s *scenario) wantNameRefused(p pair, condition func(*storeMethod) bool) {
	s.Helper()
	a := s.legal()
	a.collection, a.key = p.collection, p.key
	for _, m := range s.methods(condition) {
		s.in(p.collection).wantAnswer(m, a, core.ErrInvalidKey)
	}
}

// wantAnswer wants that the method refuses the arguments with an error that
// matches, and with nothing beside it.
func (s *scenario) wantAnswer(m *storeMethod, a callArguments, want error) {
	s.Helper()
	answer := s.ask(m, a)
	if !errors.Is(answer.err, want) {
		s.Errorf("%s = %v; want an error that matches %q", s.with(m, a), answer.err, want)
	}
	if answer.beside {
		s.Errorf("%s has a result beside an error: %v; want the zero value or nil",
			s.with(m, a), answer.err)
	}
}
