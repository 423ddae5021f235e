package wrappers

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// ReadOnlyOptions configure a [ReadOnly]. Nil and the zero value are valid.
type ReadOnlyOptions struct {
	// Silent makes a write do nothing and answer no error, instead of
	// [core.ErrReadOnly].
	Silent bool
}

// ReadOnly lets nobody write: Put, Delete, their bulk forms, Insert,
// DestroyCollection, Destroy, Cull and Setup are [core.ErrReadOnly], or, with
// Silent, do nothing and answer false or zero. An illegal argument is an error
// either way, and so is a closed store or a context that is done.
type ReadOnly struct {
	*life
	inner  core.Store
	silent bool
}

var _ core.Full = (*ReadOnly)(nil)

// refusedByReadOnly is what ReadOnly has an answer for whatever the store
// inside can do.
const refusedByReadOnly = core.CanInsert | core.CanDestroyCollection | core.CanDestroy | core.CanCull

// NewReadOnly returns a ReadOnly around the store.
func NewReadOnly(inner core.Store, options *ReadOnlyOptions) (*ReadOnly, error) {
	if inner == nil {
		return nil, refuseOptions("read only", "the store inside is nil")
	}
	r := &ReadOnly{life: newLife("read only", inner), inner: inner}
	if options != nil {
		r.silent = options.Silent
	}
	return r, nil
}

// Supports reports whether the store inside has every capability of the set.
// Those that write are always there: their answer is that of a write.
func (r *ReadOnly) Supports(wanted core.Capability) bool {
	return core.Supports(r.inner, wanted&^refusedByReadOnly)
}

// refuse returns the answer to a write whose arguments were checked.
func (r *ReadOnly) refuse(op, collection, key string, err error) error {
	if err != nil || r.silent {
		return err
	}
	return r.fail(op, collection, key, core.ErrReadOnly)
}

// Put writes nothing.
func (r *ReadOnly) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	item := core.Item{Key: key, Value: value, TTL: ttl}
	return r.refuse("put", collection, key, r.checkItem(ctx, "put", collection, item))
}

// PutMany writes nothing.
func (r *ReadOnly) PutMany(ctx context.Context, collection string, items []core.Item) error {
	return r.refuse("put many", collection, "", r.checkItems(ctx, "put many", collection, items))
}

// Insert writes nothing and answers false.
func (r *ReadOnly) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	item := core.Item{Key: key, Value: value, TTL: ttl}
	return false, r.refuse("insert", collection, key, r.checkItem(ctx, "insert", collection, item))
}

// Delete removes nothing and answers false.
func (r *ReadOnly) Delete(ctx context.Context, collection, key string) (bool, error) {
	return false, r.refuse("delete", collection, key, r.checkKey(ctx, "delete", collection, key))
}

// DeleteMany removes nothing and answers 0.
func (r *ReadOnly) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	return 0, r.refuse("delete many", collection, "", r.checkKeys(ctx, "delete many", collection, keys))
}

// DestroyCollection removes nothing and answers false.
func (r *ReadOnly) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	const op = "destroy collection"
	return false, r.refuse(op, collection, "", r.checkCollection(ctx, op, collection))
}

// Destroy removes nothing.
func (r *ReadOnly) Destroy(ctx context.Context) error {
	return r.refuse("destroy", "", "", r.check(ctx, "destroy", "", ""))
}

// Cull removes nothing and answers 0.
func (r *ReadOnly) Cull(ctx context.Context) (int, error) {
	return 0, r.refuse("cull", "", "", r.check(ctx, "cull", "", ""))
}

// Setup makes nothing.
func (r *ReadOnly) Setup(ctx context.Context, collections ...string) error {
	for _, collection := range collections {
		if err := r.checkCollection(ctx, "setup", collection); err != nil {
			return err
		}
	}
	return r.refuse("setup", "", "", r.check(ctx, "setup", "", ""))
}

// Get is [core.Store].Get.
func (r *ReadOnly) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return r.inner.Get(ctx, collection, key)
}

// GetAppend is [core.GetAppend].
func (r *ReadOnly) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return core.GetAppend(ctx, r.inner, collection, key, dst)
}

// GetMany is [core.Store].GetMany.
func (r *ReadOnly) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	return r.inner.GetMany(ctx, collection, keys)
}

// Keys is [core.Keys].
func (r *ReadOnly) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, r.inner, collection)
}

// Collections is [core.Collections].
func (r *ReadOnly) Collections(ctx context.Context) iter.Seq2[string, error] {
	return core.Collections(ctx, r.inner)
}

// Ping is [core.Ping].
func (r *ReadOnly) Ping(ctx context.Context) error { return core.Ping(ctx, r.inner) }
