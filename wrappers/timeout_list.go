package wrappers

import (
	"context"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys is [core.Keys], each step bounded.
func (t *Timeout) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return t.steps(ctx, site{"keys", collection, ""}, func(ctx context.Context) iter.Seq2[string, error] {
		return core.Keys(ctx, t.inner, collection)
	})
}

// Collections is [core.Collections], each step bounded.
func (t *Timeout) Collections(ctx context.Context) iter.Seq2[string, error] {
	return t.steps(ctx, site{op: "collections"}, func(ctx context.Context) iter.Seq2[string, error] {
		return core.Collections(ctx, t.inner)
	})
}

// steps ranges over a listing in a goroutine of its own, which works only
// while the caller waits for the next name: never during the loop's body.
func (t *Timeout) steps(ctx context.Context, at site, list func(context.Context) iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := ctx.Err(); err != nil {
			yield("", t.fail(at.op, at.collection, at.key, err))
			return
		}
		inside, cancel := context.WithCancel(ctx)
		defer cancel()
		s := newStepper()
		defer close(s.left)
		go s.work(list(inside))
		timer := time.NewTimer(t.timeout)
		defer timer.Stop()
		for {
			timer.Reset(t.timeout)
			switch s.step(ctx, timer.C) {
			case tooLate:
				yield("", t.late(ctx, at))
				return
			case ended:
				if s.panic != nil {
					panic(s.panic)
				}
				return
			}
			if !yield(s.name, s.err) {
				s.leave(timer, t.timeout)
				return
			}
		}
	}
}

// stepper is a listing that goes on only when it is told to.
type stepper struct {
	wanted chan bool     // the caller wants the next name, or none any more
	found  chan struct{} // it is there
	ended  chan struct{} // closed when the listing has ended
	left   chan struct{} // closed when the caller has left the loop

	name  string
	err   error
	panic any
}

// progress is what came of waiting for the next name.
type progress int

const (
	found progress = iota
	ended
	tooLate
)

func newStepper() *stepper {
	return &stepper{
		wanted: make(chan bool),
		found:  make(chan struct{}),
		ended:  make(chan struct{}),
		left:   make(chan struct{}),
	}
}

// step waits for the next name.
func (s *stepper) step(ctx context.Context, late <-chan time.Time) progress {
	select {
	case s.wanted <- true:
	case <-s.ended:
		return ended
	case <-late:
		return tooLate
	}
	select {
	case <-s.found:
		return found
	case <-s.ended:
		return ended
	case <-late:
	case <-ctx.Done():
	}
	return tooLate
}

// leave ends the listing, and waits until its cursors are released.
func (s *stepper) leave(timer *time.Timer, timeout time.Duration) {
	timer.Reset(timeout)
	select {
	case s.wanted <- false:
	case <-s.ended:
		return
	case <-timer.C:
		return // it learns by itself that the caller has left
	}
	select {
	case <-s.ended:
	case <-timer.C:
	}
}

// work ranges over the names while the caller wants another.
func (s *stepper) work(names iter.Seq2[string, error]) {
	returned := false
	defer func() {
		if s.panic = recover(); s.panic == nil && !returned {
			s.panic = errNotReturned
		}
		close(s.ended)
	}()
	s.walk(names)
	returned = true
}

func (s *stepper) walk(names iter.Seq2[string, error]) {
	if !s.goesOn() {
		return
	}
	for name, err := range names {
		// The fields are the caller's after found, until it wants another.
		select {
		case <-s.left:
			return
		default:
			s.name, s.err = name, err
		}
		select {
		case s.found <- struct{}{}:
		case <-s.left:
			return
		}
		if !s.goesOn() {
			return
		}
	}
}

// goesOn waits until another name is wanted, and reports false if none is.
func (s *stepper) goesOn() bool {
	select {
	case more := <-s.wanted:
		return more
	case <-s.left:
		return false
	}
}
