package driver

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Delete removes the entry and reports whether a live one was there.
func (s *Store) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := s.begin(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	defer s.gate.leave()
	if err := s.checkName(collection, key); err != nil {
		return false, s.refuse("delete", collection, key, err)
	}
	live, err := s.deleteOne(ctx, core.CollectionName(collection), key, time.Now())
	if err != nil {
		return false, s.fail(ctx, "delete", collection, key, err)
	}
	return live, nil
}

func (s *Store) deleteOne(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	live, err := s.backend.Delete(ctx, collection, key, now)
	if absent(err) {
		return false, nil
	}
	return live && err == nil, err
}

// DeleteMany removes the entries and returns how many live ones were there.
func (s *Store) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	const op = "delete many"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return 0, err
	}
	defer s.gate.leave()
	if err := s.checkKeys(op, collection, keys); err != nil {
		return 0, err
	}
	if len(keys) == 0 {
		return 0, nil
	}
	keys, _ = distinct(keys)
	count, err := s.deleteDistinct(ctx, core.CollectionName(collection), keys)
	if errors.Is(err, ErrNotSetUp) {
		return 0, nil
	}
	return count, s.partly(ctx, op, collection, keys, err)
}

// deleteDistinct deletes keys of which none comes twice.
func (s *Store) deleteDistinct(ctx context.Context, collection string, keys []string) (int, error) {
	now := time.Now()
	if batch, ok := s.backend.(BatchDeleter); ok {
		return batch.DeleteMany(ctx, collection, keys, now)
	}
	var count atomic.Int64
	failed := s.each(ctx, keys, func(i int) error {
		live, err := s.deleteOne(ctx, collection, keys[i], now)
		if live {
			count.Add(1)
		}
		return err
	})
	if len(failed) == 0 {
		return int(count.Load()), nil
	}
	return int(count.Load()), failed
}
