package memory

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
)

// Get returns the live entry under the key, or core.ErrNotFound.
func (s *Store) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	it, value, err := s.read(ctx, collection, key, nil)
	if err != nil {
		return core.Entry{}, err
	}
	created, expires := it.times()
	return core.Entry{Value: value, CreatedAt: created, ExpiresAt: expires}, nil
}

// GetAppend is Get into a buffer: it appends the value to dst. It does not
// allocate where dst is large enough.
func (s *Store) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	it, value, err := s.read(ctx, collection, key, dst)
	if err != nil {
		return core.Entry{}, err
	}
	created, expires := it.times()
	return core.Entry{Value: value, CreatedAt: created, ExpiresAt: expires}, nil
}

// read returns the live item under the key, and its value appended to dst.
func (s *Store) read(ctx context.Context, collection, key string, dst []byte) (item, []byte, error) {
	if err := s.begin(ctx, "get", collection, key); err != nil {
		return item{}, nil, err
	}
	name := core.CollectionName(collection)
	// In a large store the item's key is in no cache, and to compare it is to
	// wait for memory. So that comes last: not while the lock is held, and
	// when the value beside it was fetched too. It saves a sixth.
	it, found := s.guess(name, key)
	if found {
		value := append(dst, it.valueOf(key)...)
		if it.key() != key {
			it, found = s.look(name, key)
			value = append(dst, it.valueOf(key)...)
		}
		// Names that are found were legal when they were put.
		if found && !it.expiredNow() {
			return it, value, nil
		}
	}
	if err := checkName(collection, key); err != nil {
		return item{}, nil, refuse("get", collection, key, err)
	}
	if s.closed.Load() { // meanwhile
		return item{}, nil, refuse("get", collection, key, core.ErrClosed)
	}
	return item{}, nil, core.ErrNotFound
}

// guess returns the item under the key, or one whose key has the same 32 bits
// of hash, if there is one. It may have expired.
func (s *Store) guess(collection, key string) (item, bool) {
	if s.limits != nil {
		return s.look(collection, key) // what is not meant must not count as used
	}
	sh, hash := s.locate(collection, key)
	sh.mu.RLock()
	it, found := sh.guess(hash, collection)
	sh.mu.RUnlock()
	return it, found
}

// look returns the live item under the key.
func (s *Store) look(collection, key string) (item, bool) {
	sh, hash := s.locate(collection, key)
	if s.limits != nil {
		sh.mu.Lock() // a read changes the order of use
		it, found := sh.get(hash, collection, key)
		sh.mu.Unlock()
		return it, found
	}
	sh.mu.RLock()
	it, found := sh.get(hash, collection, key)
	sh.mu.RUnlock()
	return it, found
}

// GetMany returns one entry for each key, the zero Entry for a miss.
func (s *Store) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	const op = "get many"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return nil, err
	}
	if err := checkKeys(op, collection, keys); err != nil {
		return nil, err
	}
	name := core.CollectionName(collection)
	entries := make([]core.Entry, len(keys))
	for i, key := range keys {
		if it, found := s.look(name, key); found {
			entries[i].Value = []byte(it.value())
			entries[i].CreatedAt, entries[i].ExpiresAt = it.times()
		}
	}
	if s.closed.Load() { // meanwhile: some misses may be none
		return nil, refuse(op, collection, "", core.ErrClosed)
	}
	return entries, nil
}
