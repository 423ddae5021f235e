package driver

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
)

// Get returns the live entry under the key, or core.ErrNotFound.
func (s *Store) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := s.begin(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	defer s.gate.leave()
	if err := s.checkName(collection, key); err != nil {
		return core.Entry{}, s.refuse("get", collection, key, err)
	}
	entry, err := s.backend.Get(ctx, core.CollectionName(collection), key)
	return s.got(ctx, collection, key, entry, err)
}

// GetAppend is Get into a buffer: it appends the value to dst.
func (s *Store) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	appender, ok := s.backend.(Appender)
	if !ok {
		entry, err := s.Get(ctx, collection, key)
		if err == nil {
			entry.Value = append(dst, entry.Value...)
		}
		return entry, err
	}
	if err := s.begin(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	defer s.gate.leave()
	if err := s.checkName(collection, key); err != nil {
		return core.Entry{}, s.refuse("get", collection, key, err)
	}
	entry, err := appender.GetAppend(ctx, core.CollectionName(collection), key, dst)
	return s.got(ctx, collection, key, entry, err)
}

// got turns a backend's answer into that of Get.
func (s *Store) got(ctx context.Context, collection, key string, entry core.Entry, err error) (core.Entry, error) {
	switch {
	case err != nil && !absent(err):
		return core.Entry{}, s.fail(ctx, "get", collection, key, err)
	case err != nil || !entry.Found() || !s.visible(entry.ExpiresAt):
		return core.Entry{}, core.ErrNotFound
	}
	return entry, nil
}

// GetMany returns one entry for each key, the zero Entry for a miss.
func (s *Store) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	const op = "get many"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return nil, err
	}
	defer s.gate.leave()
	if err := s.checkKeys(op, collection, keys); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return []core.Entry{}, nil
	}
	once, places := distinct(keys)
	found, failed, err := s.getDistinct(ctx, core.CollectionName(collection), once)
	if errors.Is(err, ErrNotSetUp) {
		return make([]core.Entry, len(keys)), nil
	}
	if err != nil {
		return nil, s.fail(ctx, op, collection, "", err)
	}
	for i, entry := range found {
		if failed[once[i]] != nil || !entry.Found() || !s.visible(entry.ExpiresAt) {
			found[i] = core.Entry{}
		}
	}
	return spread(found, places), s.joined(ctx, op, collection, once, failed)
}

// getDistinct reads keys of which none comes twice.
func (s *Store) getDistinct(ctx context.Context, collection string, keys []string) ([]core.Entry, KeyErrors, error) {
	batch, ok := s.backend.(BatchGetter)
	if !ok {
		entries := make([]core.Entry, len(keys))
		failed := s.each(ctx, keys, func(i int) (err error) {
			entries[i], err = s.backend.Get(ctx, collection, keys[i])
			if absent(err) {
				entries[i], err = core.Entry{}, nil
			}
			return err
		})
		return entries, failed, nil
	}
	entries, err := batch.GetMany(ctx, collection, keys)
	failed, partly := err.(KeyErrors)
	switch {
	case err != nil && !partly:
		return nil, nil, err
	case len(entries) != len(keys):
		return nil, nil, fmt.Errorf("the backend answered %d of %d keys", len(entries), len(keys))
	}
	return entries, failed, nil
}

// spread copies entries to the places of their keys in the batch. Where a key
// comes again, its value is a copy: the caller owns each.
func spread(entries []core.Entry, places []int) []core.Entry {
	if places == nil {
		return entries
	}
	spread := make([]core.Entry, len(places))
	given := make([]bool, len(entries))
	for i, place := range places {
		spread[i] = entries[place]
		if given[place] && spread[i].Found() {
			spread[i].Value = append([]byte{}, spread[i].Value...)
		}
		given[place] = true
	}
	return spread
}
