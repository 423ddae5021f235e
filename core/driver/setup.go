package driver

import (
	"context"
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

// afterSetup writes to a collection that has been set up. Where the backend
// finds that it is no longer, it sets up again and repeats the write once.
func (s *Store) afterSetup(ctx context.Context, collection string, write func() error) error {
	if !s.setup.needed() {
		return write()
	}
	generation := s.setup.current()
	if err := s.setup.run(ctx, collection); err != nil {
		return err
	}
	err := write()
	if !errors.Is(err, ErrNotSetUp) {
		return err
	}
	s.setup.outdated(collection, generation)
	if err := s.setup.run(ctx, collection); err != nil {
		return err
	}
	return write()
}

// Setup makes now what the first write would make, for the store and for the
// collections.
func (s *Store) Setup(ctx context.Context, collections ...string) error {
	if err := s.begin(ctx, "setup", "", ""); err != nil {
		return err
	}
	defer s.gate.leave()
	for _, collection := range collections {
		if err := s.checkCollection(collection); err != nil {
			return s.refuse("setup", collection, "", err)
		}
	}
	if err := s.setup.run(ctx, wholeStore); err != nil {
		return s.fail(ctx, "setup", "", "", err)
	}
	for _, collection := range collections {
		if err := s.setup.run(ctx, core.CollectionName(collection)); err != nil {
			return s.fail(ctx, "setup", collection, "", err)
		}
	}
	return nil
}
