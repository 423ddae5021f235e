package driver

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DestroyCollection removes the collection and reports whether a live entry
// was there.
func (s *Store) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	const op = "destroy collection"
	destroyer, ok := s.backend.(CollectionDestroyer)
	if !ok {
		return false, errors.ErrUnsupported
	}
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return false, err
	}
	defer s.gate.leave()
	if err := s.checkCollection(collection); err != nil {
		return false, s.refuse(op, collection, "", err)
	}
	name := core.CollectionName(collection)
	// Forgotten on failure too: part of it may be gone.
	defer s.setup.forget(name)
	existed, err := destroyer.DestroyCollection(ctx, name, time.Now())
	if absent(err) {
		return false, nil
	}
	if err != nil {
		return false, s.fail(ctx, op, collection, "", err)
	}
	return existed, nil
}

// Destroy removes all entries of the store.
func (s *Store) Destroy(ctx context.Context) error {
	destroyer, ok := s.backend.(Destroyer)
	if !ok {
		return errors.ErrUnsupported
	}
	if err := s.begin(ctx, "destroy", "", ""); err != nil {
		return err
	}
	defer s.gate.leave()
	defer s.setup.forgetAll()
	if err := destroyer.Destroy(ctx); err != nil && !absent(err) {
		return s.fail(ctx, "destroy", "", "", err)
	}
	return nil
}

// Cull removes expired entries and returns how many there were.
func (s *Store) Cull(ctx context.Context) (int, error) {
	culler, ok := s.backend.(Culler)
	if !ok {
		return 0, errors.ErrUnsupported
	}
	if err := s.begin(ctx, "cull", "", ""); err != nil {
		return 0, err
	}
	defer s.gate.leave()
	count, err := culler.Cull(ctx, time.Now())
	if err != nil && !absent(err) {
		return count, s.fail(ctx, "cull", "", "", err)
	}
	return count, nil
}

// Ping returns nil if the backend's server can be reached.
func (s *Store) Ping(ctx context.Context) error {
	pinger, ok := s.backend.(Pinger)
	if !ok {
		return errors.ErrUnsupported
	}
	if err := s.begin(ctx, "ping", "", ""); err != nil {
		return err
	}
	defer s.gate.leave()
	if err := pinger.Ping(ctx); err != nil {
		return s.fail(ctx, "ping", "", "", err)
	}
	return nil
}
