package wrappers

import (
	"context"
	"encoding/json"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// observer is told of each call that goes to the store inside, and never
// changes one. Call and answer are passed by value, so that they stay on the
// stack of the caller.
type observer interface {
	// begin is told of a call, and returns when it began, or the zero time
	// where the observer does not need to know.
	begin(ctx context.Context, c call) time.Time

	// end is told how the call ended: once for each begin, also when the
	// store inside panics.
	end(ctx context.Context, c call, o answer)
}

// call is what the caller asked for.
type call struct {
	op              operation
	collection, key string
	keys            []string    // of GetMany and DeleteMany, and the collections of Setup
	items           []core.Item // of PutMany
	value           json.RawMessage
	ttl             time.Duration

	// began is what begin returned, moved on by the time that the body of
	// the caller's loop took.
	began time.Time
}

// answer is what the caller is answered.
type answer struct {
	err     error           // of a listing: the first one
	value   json.RawMessage // of Get and GetAppend
	entries []core.Entry    // of GetMany
	count   int             // deleted, culled, listed
	yes     bool            // deleted, inserted, destroyed
}

// observed is what transparent wrappers share that only watch: each call goes
// to the store inside as it is. That store does the checks, of the arguments
// and of being closed.
type observed struct {
	*life
	inner    core.Store
	observer observer
}

var (
	_ core.Full      = (*observed)(nil)
	_ core.Unwrapper = (*observed)(nil)
)

// Unwrap returns the store inside.
func (w *observed) Unwrap() core.Store { return w.inner }

// Supports reports whether the store inside has every capability of the set.
func (w *observed) Supports(wanted core.Capability) bool { return core.Supports(w.inner, wanted) }

// Get is [core.Store].Get, observed.
func (w *observed) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	c, o := call{op: opGet, collection: collection, key: key}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	entry, err := w.inner.Get(ctx, collection, key)
	o.value, o.err = entry.Value, err
	return entry, err
}

// GetAppend is [core.GetAppend], observed.
func (w *observed) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	c, o := call{op: opGet, collection: collection, key: key}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	entry, err := core.GetAppend(ctx, w.inner, collection, key, dst)
	o.err = err
	if err == nil {
		o.value = entry.Value[len(dst):]
	}
	return entry, err
}

// GetMany is [core.Store].GetMany, observed.
func (w *observed) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	c, o := call{op: opGetMany, collection: collection, keys: keys}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.entries, o.err = w.inner.GetMany(ctx, collection, keys)
	return o.entries, o.err
}

// Put is [core.Store].Put, observed.
func (w *observed) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	c, o := call{op: opPut, collection: collection, key: key, value: value, ttl: ttl}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.err = w.inner.Put(ctx, collection, key, value, ttl)
	return o.err
}

// PutMany is [core.Store].PutMany, observed.
func (w *observed) PutMany(ctx context.Context, collection string, items []core.Item) error {
	c, o := call{op: opPutMany, collection: collection, items: items}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.err = w.inner.PutMany(ctx, collection, items)
	return o.err
}

// Insert is [core.Insert], observed.
func (w *observed) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	c, o := call{op: opInsert, collection: collection, key: key, value: value, ttl: ttl}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.yes, o.err = core.Insert(ctx, w.inner, collection, key, value, ttl)
	return o.yes, o.err
}

// Delete is [core.Store].Delete, observed.
func (w *observed) Delete(ctx context.Context, collection, key string) (bool, error) {
	c, o := call{op: opDelete, collection: collection, key: key}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.yes, o.err = w.inner.Delete(ctx, collection, key)
	return o.yes, o.err
}

// DeleteMany is [core.Store].DeleteMany, observed.
func (w *observed) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	c, o := call{op: opDeleteMany, collection: collection, keys: keys}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.count, o.err = w.inner.DeleteMany(ctx, collection, keys)
	return o.count, o.err
}

// DestroyCollection is [core.DestroyCollection], observed.
func (w *observed) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	c, o := call{op: opDestroyCollection, collection: collection}, answer{err: errPanicked}
	c.began = w.observer.begin(ctx, c)
	defer func() { w.observer.end(ctx, c, o) }()
	o.yes, o.err = core.DestroyCollection(ctx, w.inner, collection)
	return o.yes, o.err
}
