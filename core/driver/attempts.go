package driver

import (
	"context"
	"fmt"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// setup runs the backend's setup once for the store and once for each
// collection. Concurrent callers share an attempt; one that failed is not
// remembered.
type setup struct {
	store      Setupper
	collection CollectionSetupper

	mutex      sync.Mutex
	attempts   map[string]*attempt
	generation int // how often something was forgotten
}

// attempt is one run of the setup of a collection, under its name, or of the
// store, under wholeStore.
type attempt struct {
	done chan struct{}
	err  error

	// gaveUp says that it failed because its caller's context was done, which
	// says nothing to the others who wait for it.
	gaveUp bool
}

// wholeStore stands for the store where a collection is named. A collection
// has a name: core.CollectionName was called.
const wholeStore = ""

func (s *setup) init(backend Backend) {
	s.store, _ = backend.(Setupper)
	s.collection, _ = backend.(CollectionSetupper)
	s.attempts = make(map[string]*attempt)
}

func (s *setup) needed() bool { return s.store != nil || s.collection != nil }

// run sets up the store and the collection, where that has not been done. The
// collection is wholeStore where only the store is meant.
func (s *setup) run(ctx context.Context, collection string) error {
	if s.store != nil {
		err := s.share(ctx, wholeStore, func() error { return s.store.Setup(ctx) })
		if err != nil {
			return err
		}
	}
	if s.collection == nil || collection == wholeStore {
		return nil
	}
	return s.share(ctx, collection, func() error {
		return s.collection.SetupCollection(ctx, collection)
	})
}

// share does the work, or waits for whoever does it already.
func (s *setup) share(ctx context.Context, name string, work func() error) error {
	for {
		s.mutex.Lock()
		current, exists := s.attempts[name]
		if !exists {
			current = &attempt{done: make(chan struct{})}
			s.attempts[name] = current
		}
		s.mutex.Unlock()
		if !exists {
			s.lead(ctx, name, current, work)
			return current.err
		}
		select {
		case <-current.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !current.gaveUp {
			return current.err
		}
	}
}

// lead does the work for all who wait for the attempt.
func (s *setup) lead(ctx context.Context, name string, current *attempt, work func() error) {
	finished := false
	defer func() {
		if !finished { // the backend panicked: those who wait must not hang
			current.gaveUp = true
		}
		if current.err != nil || !finished {
			s.mutex.Lock()
			if s.attempts[name] == current {
				delete(s.attempts, name)
			}
			s.mutex.Unlock()
		}
		close(current.done)
	}()
	if err := work(); err != nil {
		current.gaveUp = ctx.Err() != nil
		current.err = fmt.Errorf("%w: %w", core.ErrSetup, err)
	}
	finished = true
}

// forget makes the next write to the collection set it up again.
func (s *setup) forget(collection string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.generation++
	delete(s.attempts, collection)
}

// forgetAll makes the next write set up again, to whichever collection.
func (s *setup) forgetAll() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.generation++
	clear(s.attempts)
}

// outdated is forget for a write that found nothing where the setup of the
// given generation had made something, and for the store as well. Of several
// such writes only the first forgets; the others share the setup that follows.
func (s *setup) outdated(collection string, generation int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.generation != generation {
		return
	}
	s.generation++
	delete(s.attempts, wholeStore)
	delete(s.attempts, collection)
}

func (s *setup) current() (generation int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.generation
}
