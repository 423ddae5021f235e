package wrappers

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// naming says where a wrapper of the renamed family keeps a collection.
type naming interface {
	// place returns the collection below, and what stands before each of the
	// caller's keys there: nothing if the collection below is the caller's
	// alone. The collection is legal, and may be empty.
	place(collection string) (inner, head string)

	// collections ranges over the caller's names of the collections that hold
	// a live entry. It is asked only if needs says that the store can.
	collections(ctx context.Context, r *renamed) iter.Seq2[string, error]

	// needs returns what the store inside must be able to do for the wrapper
	// to have the single capability.
	needs(c core.Capability) core.Capability
}

// renamed is what wrappers share that give collections and keys other names
// below, and nothing else.
type renamed struct {
	*life
	inner  core.Store
	naming naming
}

// restore gives an error the caller's names. The key below is the caller's
// behind the head.
func (r *renamed) restore(err error, collection, head string) error {
	if err == nil || err == core.ErrNotFound {
		return err
	}
	return core.MapErrors(err, func(e core.Error) core.Error {
		e.Collection = collection
		if len(e.Key) >= len(head) {
			e.Key = e.Key[len(head):]
		}
		return e
	})
}

// Get is [core.Store].Get under the names below.
func (r *renamed) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := r.checkKey(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	inner, head := r.naming.place(collection)
	entry, err := r.inner.Get(ctx, inner, head+key)
	return entry, r.restore(err, collection, head)
}

// GetAppend is [core.GetAppend] under the names below.
func (r *renamed) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	if err := r.checkKey(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	inner, head := r.naming.place(collection)
	entry, err := core.GetAppend(ctx, r.inner, inner, head+key, dst)
	return entry, r.restore(err, collection, head)
}

// GetMany is [core.Store].GetMany under the names below.
func (r *renamed) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := r.checkKeys(ctx, "get many", collection, keys); err != nil {
		return nil, err
	}
	inner, head := r.naming.place(collection)
	entries, err := r.inner.GetMany(ctx, inner, behind(head, keys))
	return entries, r.restore(err, collection, head)
}

// behind returns the keys with the head before each.
func behind(head string, keys []string) []string {
	if head == "" {
		return keys
	}
	renamed := make([]string, len(keys))
	for i, key := range keys {
		renamed[i] = head + key
	}
	return renamed
}

// Put is [core.Store].Put under the names below.
func (r *renamed) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := r.checkKey(ctx, "put", collection, key); err != nil {
		return err
	}
	inner, head := r.naming.place(collection)
	return r.restore(r.inner.Put(ctx, inner, head+key, value, ttl), collection, head)
}

// PutMany is [core.Store].PutMany under the names below.
func (r *renamed) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := r.checkCollection(ctx, "put many", collection); err != nil {
		return err
	}
	inner, head := r.naming.place(collection)
	renamed := items
	if head != "" {
		renamed = make([]core.Item, len(items))
	}
	for i, item := range items {
		if err := core.CheckKey(item.Key); err != nil {
			return r.fail("put many", collection, item.Key, err)
		}
		if head != "" {
			renamed[i] = core.Item{Key: head + item.Key, Value: item.Value, TTL: item.TTL}
		}
	}
	return r.restore(r.inner.PutMany(ctx, inner, renamed), collection, head)
}

// Insert is [core.Insert] under the names below.
func (r *renamed) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := r.checkKey(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	inner, head := r.naming.place(collection)
	inserted, err := core.Insert(ctx, r.inner, inner, head+key, value, ttl)
	return inserted, r.restore(err, collection, head)
}

// Delete is [core.Store].Delete under the names below.
func (r *renamed) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := r.checkKey(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	inner, head := r.naming.place(collection)
	deleted, err := r.inner.Delete(ctx, inner, head+key)
	return deleted, r.restore(err, collection, head)
}

// DeleteMany is [core.Store].DeleteMany under the names below.
func (r *renamed) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := r.checkKeys(ctx, "delete many", collection, keys); err != nil {
		return 0, err
	}
	inner, head := r.naming.place(collection)
	deleted, err := r.inner.DeleteMany(ctx, inner, behind(head, keys))
	return deleted, r.restore(err, collection, head)
}

// Setup is [core.Setup] for the collections below.
func (r *renamed) Setup(ctx context.Context, collections ...string) error {
	renamed := make([]string, len(collections))
	for i, collection := range collections {
		if err := r.checkCollection(ctx, "setup", collection); err != nil {
			return err
		}
		renamed[i], _ = r.naming.place(collection)
	}
	return core.MapErrors(core.Setup(ctx, r.inner, renamed...), func(e core.Error) core.Error {
		for i, name := range renamed {
			if e.Collection == name {
				e.Collection = collections[i]
			}
		}
		return e
	})
}

// Cull is [core.Cull] of the whole store below.
func (r *renamed) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, r.inner) }

// Ping is [core.Ping].
func (r *renamed) Ping(ctx context.Context) error { return core.Ping(ctx, r.inner) }
