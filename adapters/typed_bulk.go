package adapters

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Item is a value to put.
type Item[T any] struct {
	Key   string
	Value T
	TTL   time.Duration // core.NoTTL: never expires
}

// GetMany returns the entries under the keys, in their order, in one call of
// the store. One that is missing is not Found. With an error that names single
// keys, see [core.FailedKeys], the other entries are there.
func (t *Typed[T]) GetMany(ctx context.Context, keys []string) ([]Entry[T], error) {
	found, err := t.store.GetMany(ctx, t.collection, keys)
	if found == nil {
		return nil, err
	}
	errs := []error{err}
	entries := make([]Entry[T], len(found))
	for i, entry := range found {
		if !entry.Found() {
			continue
		}
		value, err := t.decode(ctx, "get many", keys[i], entry.Value)
		switch {
		case err == nil:
			entries[i] = Entry[T]{Value: value, Found: true, CreatedAt: entry.CreatedAt, ExpiresAt: entry.ExpiresAt}
		case err != core.ErrNotFound:
			errs = append(errs, err)
		}
	}
	if len(errs) == 1 {
		return entries, err
	}
	return entries, errors.Join(errs...)
}

// TTLMany is GetMany: each entry has its remaining time to live.
func (t *Typed[T]) TTLMany(ctx context.Context, keys []string) ([]Entry[T], error) {
	return t.GetMany(ctx, keys)
}

// PutMany stores the values in one call of the store. Each is validated before
// any is written.
func (t *Typed[T]) PutMany(ctx context.Context, items []Item[T]) error {
	objects := make([]core.Item, len(items))
	for i := range items {
		object, err := t.codec.encode(&items[i].Value)
		if err != nil {
			return t.fail("put many", items[i].Key, err)
		}
		objects[i] = core.Item{Key: items[i].Key, Value: object, TTL: items[i].TTL}
	}
	return t.store.PutMany(ctx, t.collection, objects)
}
