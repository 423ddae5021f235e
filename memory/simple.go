package memory

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Simple is the shortest store that keeps every rule and has every capability:
// a map and a mutex. Read it before writing a store, and use it in tests. A
// program is better off with [New], whose callers rarely wait for each other,
// and which gives back the memory of expired entries by itself. [NewSimple]
// makes one.
type Simple struct {
	mu          sync.Mutex
	collections map[string]map[string]core.Entry // nil once closed
}

var _ core.Full = (*Simple)(nil)

// NewSimple returns an empty store.
func NewSimple() *Simple {
	return &Simple{collections: make(map[string]map[string]core.Entry)}
}

// begin makes the checks before those of the arguments. With a nil error the
// caller has the lock.
func (s *Simple) begin(ctx context.Context, op, collection, key string) error {
	s.mu.Lock()
	err := begin(ctx, s.collections == nil, op, collection, key)
	if err != nil {
		s.mu.Unlock()
	}
	return err
}

// live returns the live entry under the key.
func (s *Simple) live(collection, key string) (core.Entry, bool) {
	entry := s.collections[core.CollectionName(collection)][key]
	return entry, entry.Found() && !entry.Expired()
}

// put stores a legal item.
func (s *Simple) put(collection string, item core.Item) {
	entry := core.Entry{Value: slices.Clone(item.Value), CreatedAt: time.Now().UTC().Round(0)}
	if item.TTL != core.NoTTL {
		entry.ExpiresAt = entry.CreatedAt.Add(item.TTL)
	}
	name := core.CollectionName(collection)
	if s.collections[name] == nil {
		s.collections[strings.Clone(name)] = make(map[string]core.Entry)
	}
	s.collections[name][strings.Clone(item.Key)] = entry
}

// delete removes an entry and reports whether that was live.
func (s *Simple) delete(collection, key string) bool {
	_, live := s.live(collection, key)
	delete(s.collections[core.CollectionName(collection)], key)
	return live
}

// Get returns the live entry under the key, or core.ErrNotFound.
func (s *Simple) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return s.GetAppend(ctx, collection, key, nil)
}

// GetAppend is Get into a buffer: it appends the value to dst.
func (s *Simple) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	if err := s.begin(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	defer s.mu.Unlock()
	if err := checkName(collection, key); err != nil {
		return core.Entry{}, refuse("get", collection, key, err)
	}
	entry, live := s.live(collection, key)
	if !live {
		return core.Entry{}, core.ErrNotFound
	}
	entry.Value = append(dst, entry.Value...)
	return entry, nil
}

// GetMany returns one entry for each key, the zero Entry for a miss.
func (s *Simple) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := s.begin(ctx, "get many", collection, ""); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	if err := checkKeys("get many", collection, keys); err != nil {
		return nil, err
	}
	entries := make([]core.Entry, len(keys))
	for i, key := range keys {
		if entry, live := s.live(collection, key); live {
			entry.Value = slices.Clone(entry.Value)
			entries[i] = entry
		}
	}
	return entries, nil
}

// Put stores the value and replaces what was there.
func (s *Simple) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := s.begin(ctx, "put", collection, key); err != nil {
		return err
	}
	defer s.mu.Unlock()
	item := core.Item{Key: key, Value: value, TTL: ttl}
	if err := checkItem(collection, item); err != nil {
		return refuse("put", collection, key, err)
	}
	s.put(collection, item)
	return nil
}

// PutMany stores the items, all at once.
func (s *Simple) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := s.begin(ctx, "put many", collection, ""); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if err := checkItems("put many", collection, items); err != nil {
		return err
	}
	for _, item := range items {
		s.put(collection, item)
	}
	return nil
}

// Insert stores the value where there is no live entry and reports whether it
// did.
func (s *Simple) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := s.begin(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	item := core.Item{Key: key, Value: value, TTL: ttl}
	if err := checkItem(collection, item); err != nil {
		return false, refuse("insert", collection, key, err)
	}
	if _, live := s.live(collection, key); live {
		return false, nil
	}
	s.put(collection, item)
	return true, nil
}

// Delete removes the entry and reports whether a live one was there.
func (s *Simple) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := s.begin(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	if err := checkName(collection, key); err != nil {
		return false, refuse("delete", collection, key, err)
	}
	return s.delete(collection, key), nil
}

// DeleteMany removes the entries, all at once, and returns how many live ones
// were there.
func (s *Simple) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := s.begin(ctx, "delete many", collection, ""); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	if err := checkKeys("delete many", collection, keys); err != nil {
		return 0, err
	}
	count := 0
	for _, key := range keys {
		if s.delete(collection, key) {
			count++
		}
	}
	return count, nil
}
