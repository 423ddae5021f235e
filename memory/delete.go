package memory

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
)

// Delete removes the entry and reports whether a live one was there. Of racing
// callers one is told true.
func (s *Store) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := s.begin(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	if err := checkName(collection, key); err != nil {
		return false, refuse("delete", collection, key, err)
	}
	live, err := s.delete(core.CollectionName(collection), key)
	if err != nil {
		return false, refuse("delete", collection, key, err)
	}
	return live, nil
}

// DeleteMany removes the entries and returns how many live ones were there.
// Each is removed by itself: another caller may still see some of them.
func (s *Store) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	const op = "delete many"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return 0, err
	}
	if err := checkKeys(op, collection, keys); err != nil {
		return 0, err
	}
	name := core.CollectionName(collection)
	count := 0
	for _, key := range keys {
		live, err := s.delete(name, key)
		if err != nil {
			return count, refuse(op, collection, "", err)
		}
		if live {
			count++
		}
	}
	return count, nil
}

func (s *Store) delete(collection, key string) (bool, error) {
	sh, hash := s.locate(collection, key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.delete(hash, collection, key)
}

// DestroyCollection removes the collection and reports whether a live entry
// was there. An entry that is put meanwhile may stay.
func (s *Store) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	const op = "destroy collection"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return false, err
	}
	if err := core.CheckCollection(collection); err != nil {
		return false, refuse(op, collection, "", err)
	}
	now := present()
	live := false
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		t := sh.detach(core.CollectionName(collection))
		sh.mu.Unlock()
		live = live || t != nil && t.live(now)
	}
	return live, nil
}

// Destroy removes all entries. One that is put meanwhile may stay.
func (s *Store) Destroy(ctx context.Context) error {
	if err := s.begin(ctx, "destroy", "", ""); err != nil {
		return err
	}
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		if sh.collections != nil {
			sh.clear()
		}
		sh.mu.Unlock()
	}
	return nil
}
