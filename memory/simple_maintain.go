package memory

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys ranges over the live keys of the collection, as they were when the
// range began.
func (s *Simple) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return s.list(ctx, "keys", collection, func() ([]string, error) {
		if err := checkCollections("keys", []string{collection}); err != nil {
			return nil, err
		}
		return slices.Collect(maps.Keys(s.collections[core.CollectionName(collection)])), nil
	}, func(key string) bool {
		_, live := s.live(collection, key)
		return live
	})
}

// Collections ranges over the collections that hold a live entry, as they were
// when the range began.
func (s *Simple) Collections(ctx context.Context) iter.Seq2[string, error] {
	return s.list(ctx, "collections", "", func() ([]string, error) {
		return slices.Collect(maps.Keys(s.collections)), nil
	}, s.anyLive)
}

func (s *Simple) anyLive(collection string) bool {
	for _, entry := range s.collections[core.CollectionName(collection)] {
		if !entry.Expired() {
			return true
		}
	}
	return false
}

// list ranges over those of the names that are live when it is their turn. It
// holds the lock except while the body of the loop runs.
func (s *Simple) list(ctx context.Context, op, collection string, names func() ([]string, error), live func(name string) bool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		// next makes the checks and then calls the function under the lock.
		next := func(call func() error) error {
			if err := s.begin(ctx, op, collection, ""); err != nil {
				return err
			}
			defer s.mu.Unlock()
			return call()
		}
		var all []string
		err := next(func() (err error) {
			all, err = names()
			return err
		})
		for i := 0; i < len(all) && err == nil; i++ {
			wanted := false
			err = next(func() error {
				wanted = live(all[i])
				return nil
			})
			if err == nil && wanted && !yield(all[i], nil) {
				return
			}
		}
		if err == nil {
			err = next(func() error { return nil })
		}
		if err != nil {
			yield("", err)
		}
	}
}

// DestroyCollection removes the collection and reports whether a live entry
// was there.
func (s *Simple) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if err := s.begin(ctx, "destroy collection", collection, ""); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	if err := checkCollections("destroy collection", []string{collection}); err != nil {
		return false, err
	}
	live := s.anyLive(collection)
	delete(s.collections, core.CollectionName(collection))
	return live, nil
}

// Destroy removes all entries.
func (s *Simple) Destroy(ctx context.Context) error {
	if err := s.begin(ctx, "destroy", "", ""); err != nil {
		return err
	}
	defer s.mu.Unlock()
	clear(s.collections)
	return nil
}

// Cull removes the expired entries and returns how many there were.
func (s *Simple) Cull(ctx context.Context) (int, error) {
	if err := s.begin(ctx, "cull", "", ""); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	count := 0
	for name, entries := range s.collections {
		held := len(entries)
		maps.DeleteFunc(entries, func(_ string, entry core.Entry) bool { return entry.Expired() })
		count += held - len(entries)
		if len(entries) == 0 {
			delete(s.collections, name)
		}
	}
	return count, nil
}

// Ping returns nil unless the store was closed.
func (s *Simple) Ping(ctx context.Context) error {
	err := s.begin(ctx, "ping", "", "")
	if err == nil {
		s.mu.Unlock()
	}
	return err
}

// Setup has nothing to do but to check the names of the collections.
func (s *Simple) Setup(ctx context.Context, collections ...string) error {
	if err := s.begin(ctx, "setup", "", ""); err != nil {
		return err
	}
	defer s.mu.Unlock()
	return checkCollections("setup", collections)
}

// Supports reports true: the store has every capability.
func (s *Simple) Supports(wanted core.Capability) bool {
	return core.CanAll.Has(wanted)
}

// Close forgets all entries. Calls from then on are core.ErrClosed. It returns
// nil.
func (s *Simple) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.collections = nil
	return nil
}
