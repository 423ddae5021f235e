package driver

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
	defer s.gate.leave()
	item := core.Item{Key: key, Value: value, TTL: ttl}
	if err := s.checkItem(collection, item); err != nil {
		return s.refuse("put", collection, key, err)
	}
	record := s.record(collection, item, time.Now())
	err := s.afterSetup(ctx, record.Collection, func() error {
		return s.backend.Put(ctx, &record)
	})
	if err != nil {
		return s.fail(ctx, "put", collection, key, err)
	}
	return nil
}

// PutMany stores the items; the last of several with one key.
func (s *Store) PutMany(ctx context.Context, collection string, items []core.Item) error {
	const op = "put many"
	if err := s.begin(ctx, op, collection, ""); err != nil {
		return err
	}
	defer s.gate.leave()
	if err := s.checkCollection(collection); err != nil {
		return s.refuse(op, collection, "", err)
	}
	for _, item := range items {
		if err := s.checkItem(collection, item); err != nil {
			return s.refuse(op, collection, item.Key, err)
		}
	}
	if len(items) == 0 {
		return nil
	}
	items = lastOfEach(items)
	records := make([]Record, len(items))
	now := time.Now()
	for i, item := range items {
		records[i] = s.record(collection, item, now)
	}
	keys := keysOf(records)
	return s.partly(ctx, op, collection, keys, s.putDistinct(ctx, keys, records))
}

// putDistinct writes records of which no two have the same key.
func (s *Store) putDistinct(ctx context.Context, keys []string, records []Record) error {
	collection := records[0].Collection
	if batch, ok := s.backend.(BatchPutter); ok {
		return s.afterSetup(ctx, collection, func() error {
			return batch.PutMany(ctx, records)
		})
	}
	failed := s.each(ctx, keys, func(i int) error {
		return s.afterSetup(ctx, collection, func() error {
			return s.backend.Put(ctx, &records[i])
		})
	})
	if len(failed) == 0 {
		return nil
	}
	return failed
}

// record stamps an item. Creation is rounded down and expiry up, so that the
// entry is not gone before its time.
func (s *Store) record(collection string, item core.Item, now time.Time) Record {
	step := s.options.TimeStep
	entry := core.Entry{Value: item.Value, CreatedAt: now.UTC().Truncate(step)}
	if item.TTL != core.NoTTL {
		expires := now.UTC().Add(item.TTL)
		entry.ExpiresAt = expires.Truncate(step)
		if entry.ExpiresAt.Before(expires.Round(0)) {
			entry.ExpiresAt = entry.ExpiresAt.Add(step)
		}
	}
	return Record{Collection: core.CollectionName(collection), Key: item.Key, Entry: entry}
}
