package storetest

import (
	"context"
	"errors"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
)

// list returns the sequence, watched: what a listing must not do it reports
// instead of letting the loop panic.
func (s *scenario) list(names iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		over, failed := false, false
		names(func(name string, err error) bool {
			switch {
			case over:
				s.Errorf("a listing went on after the loop had been left")
				return false
			case failed:
				s.Errorf("a listing went on after an error; only ErrCorrupt may be followed by more")
				over = true
				return false
			case err != nil && name != "":
				s.Errorf("a listing gave the name %s beside an error: %v; want no name", quoted(name), err)
			}
			failed = err != nil && !errors.Is(err, core.ErrCorrupt)
			over = !yield(name, err)
			return !over
		})
		over = true
	}
}

// namesCalling lists names up to an error that ends the listing, and calls the
// function in the body of the loop, behind the first name only.
func (s *scenario) namesCalling(listing iter.Seq2[string, error], call func()) (names []string, err error) {
	called := false
	for name, e := range s.list(listing) {
		if e != nil && !errors.Is(e, core.ErrCorrupt) {
			return names, e
		}
		if e != nil {
			continue
		}
		names = append(names, name)
		if !called {
			call()
			called = true
		}
	}
	return names, nil
}

// keysCalling is namesCalling for the keys of the collection.
func (s *scenario) keysCalling(ctx context.Context, call func()) ([]string, error) {
	return s.namesCalling(core.Keys(ctx, s.store, s.collection), call)
}
