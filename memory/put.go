package memory

import (
	"context"
	"encoding/json"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Put stores the value and replaces what was there.
func (s *Store) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := s.begin(ctx, "put", collection, key); err != nil {
		return err
	}
	if err := s.checkItem(collection, core.Item{Key: key, Value: value, TTL: ttl}); err != nil {
		return refuse("put", collection, key, err)
	}
	it := newItem(key, value, present(), ttl)
	if err := s.put(core.CollectionName(collection), key, it); err != nil {
		return refuse("put", collection, key, err)
	}
	return nil
}

// PutMany stores the items; the last of several with one key. Each takes
// effect by itself: another caller may see some and not yet the others.
func (s *Store) PutMany(ctx context.Context, collection string, items []core.Item) error {
	const op = "put many"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return err
	}
	if err := checkItems(op, collection, items); err != nil {
		return err
	}
	for _, i := range items {
		if err := s.checkSize(i); err != nil {
			return refuse(op, collection, i.Key, err)
		}
	}
	name, now := core.CollectionName(collection), present()
	for _, i := range items {
		it := newItem(i.Key, i.Value, now, i.TTL)
		if err := s.put(name, i.Key, it); err != nil {
			return refuse(op, collection, "", err)
		}
	}
	return nil
}

// Insert stores the value where there is no live entry and reports whether it
// did. Of racing callers exactly one is told true.
func (s *Store) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := s.begin(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	if err := s.checkItem(collection, core.Item{Key: key, Value: value, TTL: ttl}); err != nil {
		return false, refuse("insert", collection, key, err)
	}
	name := core.CollectionName(collection)
	it := newItem(key, value, present(), ttl)
	sh, hash := s.locate(name, key)
	sh.mu.Lock()
	inserted, err := sh.insert(hash, name, key, it)
	sh.mu.Unlock()
	if err != nil {
		return false, refuse("insert", collection, key, err)
	}
	if it.expires() {
		s.sweepLater()
	}
	return inserted, nil
}

// put stores an item, whose key is given as well. It must be legal.
func (s *Store) put(collection, key string, it item) error {
	sh, hash := s.locate(collection, key)
	sh.mu.Lock()
	err := sh.put(hash, collection, key, it)
	sh.mu.Unlock()
	if it.expires() {
		s.sweepLater()
	}
	return err
}

func (s *Store) checkItem(collection string, item core.Item) error {
	// The size first: it is cheaper than to read a value that is too large.
	if err := s.checkSize(item); err != nil {
		return err
	}
	return checkItem(collection, item)
}

// checkSize refuses an item that no eviction could make room for.
func (s *Store) checkSize(item core.Item) error {
	if s.limits == nil {
		return nil
	}
	return core.CheckSize(len(item.Key)+len(item.Value), s.limits.maxBytes)
}
