package wrappers

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// codec is what one wrapper of the recoded family does to values. The
// collection is never empty: it has been given its default name.
type codec interface {
	// encode returns what is stored instead of the value, which is legal. It
	// may return the value itself, and does not modify it.
	encode(collection, key string, value json.RawMessage) (json.RawMessage, error)

	// decode appends to dst the value that is kept as stored. With a nil dst
	// it may return stored itself. What it cannot decode is core.ErrCorrupt.
	decode(dst []byte, collection, key string, stored json.RawMessage) ([]byte, error)
}

// recoded is what wrappers share that keep values in another form, and nothing
// else: names, times and listings pass.
type recoded struct {
	*life
	inner core.Store
	codec codec
}

var _ core.Full = (*recoded)(nil)

func newRecoded(name string, inner core.Store, c codec) recoded {
	return recoded{life: newLife(name, inner), inner: inner, codec: c}
}

// Supports reports whether the store inside has every capability of the set.
func (r *recoded) Supports(wanted core.Capability) bool { return core.Supports(r.inner, wanted) }

// Get reads the entry and decodes its value. See [core.Store].
func (r *recoded) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := r.inner.Get(ctx, collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	value, err := r.codec.decode(nil, core.CollectionName(collection), key, entry.Value)
	if err != nil {
		return core.Entry{}, r.fail("get", collection, key, err)
	}
	entry.Value = value
	return entry, nil
}

// GetAppend reads the entry and appends its decoded value to dst. See
// [core.GetAppend].
func (r *recoded) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	buffer := takeBuffer()
	defer buffer.free()
	entry, err := core.GetAppend(ctx, r.inner, collection, key, buffer.bytes[:0])
	if err != nil {
		return core.Entry{}, err
	}
	buffer.bytes = entry.Value
	if dst == nil {
		dst = []byte{} // nil would permit decode to return the buffer
	}
	value, err := r.codec.decode(dst, core.CollectionName(collection), key, entry.Value)
	if err != nil {
		return core.Entry{}, r.fail("get", collection, key, err)
	}
	entry.Value = value
	return entry, nil
}

// GetMany reads the entries and decodes their values. See [core.Store].
func (r *recoded) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	found, err := r.inner.GetMany(ctx, collection, keys)
	if found == nil {
		return nil, err
	}
	name := core.CollectionName(collection)
	entries := slices.Clone(found)
	var errs []error
	for i := range entries {
		if !entries[i].Found() {
			continue
		}
		value, err := r.codec.decode(nil, name, keys[i], entries[i].Value)
		if err != nil {
			entries[i] = core.Entry{}
			errs = append(errs, r.fail("get many", collection, keys[i], err))
			continue
		}
		entries[i].Value = value
	}
	if len(errs) == 0 {
		return entries, err
	}
	if err != nil {
		errs = append(errs, err)
	}
	return entries, joinErrors(errs)
}

// Put stores the value encoded. See [core.Store].
func (r *recoded) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	encoded, err := r.prepare(ctx, "put", collection, core.Item{Key: key, Value: value, TTL: ttl})
	if err != nil {
		return err
	}
	return r.inner.Put(ctx, collection, key, encoded, ttl)
}

// Insert stores the value encoded, where there is none. See [core.Insert].
func (r *recoded) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	encoded, err := r.prepare(ctx, "insert", collection, core.Item{Key: key, Value: value, TTL: ttl})
	if err != nil {
		return false, err
	}
	return core.Insert(ctx, r.inner, collection, key, encoded, ttl)
}

// prepare checks the item of a write and returns its value encoded.
func (r *recoded) prepare(ctx context.Context, op, collection string, item core.Item) (json.RawMessage, error) {
	if err := r.checkItem(ctx, op, collection, item); err != nil {
		return nil, err
	}
	encoded, err := r.codec.encode(core.CollectionName(collection), item.Key, item.Value)
	if err != nil {
		return nil, r.fail(op, collection, item.Key, err)
	}
	return encoded, nil
}

// PutMany stores the values encoded. See [core.Store].
func (r *recoded) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := r.checkItems(ctx, "put many", collection, items); err != nil {
		return err
	}
	name := core.CollectionName(collection)
	encoded := slices.Clone(items)
	for i, item := range items {
		value, err := r.codec.encode(name, item.Key, item.Value)
		if err != nil {
			return r.fail("put many", collection, item.Key, err)
		}
		encoded[i].Value = value
	}
	return r.inner.PutMany(ctx, collection, encoded)
}

// Delete removes the entry. See [core.Store].
func (r *recoded) Delete(ctx context.Context, collection, key string) (bool, error) {
	return r.inner.Delete(ctx, collection, key)
}

// DeleteMany removes the entries. See [core.Store].
func (r *recoded) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	return r.inner.DeleteMany(ctx, collection, keys)
}

// Keys ranges over the keys of the collection. See [core.Keys].
func (r *recoded) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, r.inner, collection)
}

// Collections ranges over the collections. See [core.Collections].
func (r *recoded) Collections(ctx context.Context) iter.Seq2[string, error] {
	return core.Collections(ctx, r.inner)
}

// DestroyCollection removes the collection. See [core.DestroyCollection].
func (r *recoded) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return core.DestroyCollection(ctx, r.inner, collection)
}

// Destroy removes everything. See [core.Destroy].
func (r *recoded) Destroy(ctx context.Context) error { return core.Destroy(ctx, r.inner) }

// Cull removes expired entries. See [core.Cull].
func (r *recoded) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, r.inner) }

// Setup sets up the store inside. See [core.Setup].
func (r *recoded) Setup(ctx context.Context, collections ...string) error {
	return core.Setup(ctx, r.inner, collections...)
}

// Ping asks the store inside. See [core.Ping].
func (r *recoded) Ping(ctx context.Context) error { return core.Ping(ctx, r.inner) }

// corrupt returns the cause of a failure to decode.
func corrupt(reason string) error { return fmt.Errorf("%w: %s", core.ErrCorrupt, reason) }
