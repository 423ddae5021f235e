package wrappers

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// guard is what decides which items a wrapper of the guarded family lets in.
type guard interface {
	// admit looks at a value before it is written, and returns the time to
	// live to write it with. It may drop the value in silence, or refuse the
	// call. It refuses illegal arguments where the store inside would not see
	// them.
	admit(value json.RawMessage, ttl time.Duration) (admitted time.Duration, keep bool, err error)
}

// guarded is what wrappers share that look at what is written: reads, deletes
// and listings pass.
type guarded struct {
	*life
	inner core.Store
	guard guard
}

var _ core.Full = (*guarded)(nil)

// Supports reports whether the store inside has every capability of the set.
func (g *guarded) Supports(wanted core.Capability) bool { return core.Supports(g.inner, wanted) }

// one admits a single item.
func (g *guarded) one(ctx context.Context, op, collection string, item core.Item) (ttl time.Duration, keep bool, err error) {
	if err := g.checkKey(ctx, op, collection, item.Key); err != nil {
		return 0, false, err
	}
	ttl, keep, err = g.guard.admit(item.Value, item.TTL)
	if err != nil {
		return 0, false, g.fail(op, collection, item.Key, err)
	}
	return ttl, keep, nil
}

// Put stores the value if it is let in. See [core.Store].
func (g *guarded) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	ttl, keep, err := g.one(ctx, "put", collection, core.Item{Key: key, Value: value, TTL: ttl})
	if !keep {
		return err
	}
	return g.inner.Put(ctx, collection, key, value, ttl)
}

// Insert stores the value if it is let in, where there is none. See
// [core.Insert].
func (g *guarded) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	ttl, keep, err := g.one(ctx, "insert", collection, core.Item{Key: key, Value: value, TTL: ttl})
	if !keep {
		return false, err
	}
	return core.Insert(ctx, g.inner, collection, key, value, ttl)
}

// PutMany stores the values that are let in, having looked at all of them. See
// [core.Store].
func (g *guarded) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := g.checkCollection(ctx, "put many", collection); err != nil {
		return err
	}
	kept := make([]core.Item, 0, len(items))
	for _, item := range items {
		if err := core.CheckKey(item.Key); err != nil {
			return g.fail("put many", collection, item.Key, err)
		}
		ttl, keep, err := g.guard.admit(item.Value, item.TTL)
		if err != nil {
			return g.fail("put many", collection, item.Key, err)
		}
		if keep {
			kept = append(kept, core.Item{Key: item.Key, Value: item.Value, TTL: ttl})
		}
	}
	if len(kept) == 0 && len(items) > 0 {
		return nil
	}
	return g.inner.PutMany(ctx, collection, kept)
}

// Get is [core.Store].Get.
func (g *guarded) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return g.inner.Get(ctx, collection, key)
}

// GetAppend is [core.GetAppend].
func (g *guarded) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return core.GetAppend(ctx, g.inner, collection, key, dst)
}

// GetMany is [core.Store].GetMany.
func (g *guarded) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	return g.inner.GetMany(ctx, collection, keys)
}

// Delete is [core.Store].Delete.
func (g *guarded) Delete(ctx context.Context, collection, key string) (bool, error) {
	return g.inner.Delete(ctx, collection, key)
}

// DeleteMany is [core.Store].DeleteMany.
func (g *guarded) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	return g.inner.DeleteMany(ctx, collection, keys)
}

// Keys is [core.Keys].
func (g *guarded) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, g.inner, collection)
}

// Collections is [core.Collections].
func (g *guarded) Collections(ctx context.Context) iter.Seq2[string, error] {
	return core.Collections(ctx, g.inner)
}

// DestroyCollection is [core.DestroyCollection].
func (g *guarded) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return core.DestroyCollection(ctx, g.inner, collection)
}

// Destroy is [core.Destroy].
func (g *guarded) Destroy(ctx context.Context) error { return core.Destroy(ctx, g.inner) }

// Cull is [core.Cull].
func (g *guarded) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, g.inner) }

// Setup is [core.Setup].
func (g *guarded) Setup(ctx context.Context, collections ...string) error {
	return core.Setup(ctx, g.inner, collections...)
}

// Ping is [core.Ping].
func (g *guarded) Ping(ctx context.Context) error { return core.Ping(ctx, g.inner) }
