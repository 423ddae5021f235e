package storetest

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Supports reports whether the store inside has the capabilities.
func (r *Recorder) Supports(wanted core.Capability) bool { return core.Supports(r.store, wanted) }

// Get remembers the call and passes it on.
func (r *Recorder) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	r.saw(keyCall(ctx, "Get", collection, key))
	entry, err := r.store.Get(ctx, collection, key)
	r.gave("Get", []core.Entry{entry})
	return entry, err
}

// GetAppend remembers the call and passes it on.
func (r *Recorder) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	r.saw(keyCall(ctx, "GetAppend", collection, key))
	return core.GetAppend(ctx, r.store, collection, key, dst)
}

// GetMany remembers the call and passes it on.
func (r *Recorder) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	r.saw(keyCall(ctx, "GetMany", collection, keys...))
	entries, err := r.store.GetMany(ctx, collection, keys)
	r.gave("GetMany", entries)
	return entries, err
}

// Put remembers the call and passes it on.
func (r *Recorder) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	r.saw(putCall(ctx, "Put", collection, key, value, ttl))
	return r.store.Put(ctx, collection, key, value, ttl)
}

// PutMany remembers the call and passes it on.
func (r *Recorder) PutMany(ctx context.Context, collection string, items []core.Item) error {
	r.saw(itemCall(ctx, "PutMany", collection, items))
	return r.store.PutMany(ctx, collection, items)
}

// Insert remembers the call and passes it on.
func (r *Recorder) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	r.saw(putCall(ctx, "Insert", collection, key, value, ttl))
	return core.Insert(ctx, r.store, collection, key, value, ttl)
}

// Delete remembers the call and passes it on.
func (r *Recorder) Delete(ctx context.Context, collection, key string) (bool, error) {
	r.saw(keyCall(ctx, "Delete", collection, key))
	return r.store.Delete(ctx, collection, key)
}

// DeleteMany remembers the call and passes it on.
func (r *Recorder) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	r.saw(keyCall(ctx, "DeleteMany", collection, keys...))
	return r.store.DeleteMany(ctx, collection, keys)
}

// Keys remembers each range over the sequence and passes it on.
func (r *Recorder) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return r.listing(core.Keys(ctx, r.store, collection), func() Call {
		return collectionCall(ctx, "Keys", collection)
	})
}

// Collections remembers each range over the sequence and passes it on.
func (r *Recorder) Collections(ctx context.Context) iter.Seq2[string, error] {
	return r.listing(core.Collections(ctx, r.store), func() Call {
		return collectionCall(ctx, "Collections", "")
	})
}

// listing passes names on and counts itself as open meanwhile.
func (r *Recorder) listing(names iter.Seq2[string, error], call func() Call) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		r.saw(call())
		r.opened(1)
		defer r.opened(-1)
		names(yield)
	}
}

func (r *Recorder) opened(more int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.open += more
}

// DestroyCollection remembers the call and passes it on.
func (r *Recorder) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	r.saw(collectionCall(ctx, "DestroyCollection", collection))
	return core.DestroyCollection(ctx, r.store, collection)
}

// Destroy remembers the call and passes it on.
func (r *Recorder) Destroy(ctx context.Context) error {
	r.saw(collectionCall(ctx, "Destroy", ""))
	return core.Destroy(ctx, r.store)
}

// Cull remembers the call and passes it on.
func (r *Recorder) Cull(ctx context.Context) (int, error) {
	r.saw(collectionCall(ctx, "Cull", ""))
	return core.Cull(ctx, r.store)
}

// Setup remembers the call and passes it on.
func (r *Recorder) Setup(ctx context.Context, collections ...string) error {
	r.saw(setupCall(ctx, collections))
	return core.Setup(ctx, r.store, collections...)
}

// Ping remembers the call and passes it on.
func (r *Recorder) Ping(ctx context.Context) error {
	r.saw(collectionCall(ctx, "Ping", ""))
	return core.Ping(ctx, r.store)
}

// Close remembers the call and closes the store inside.
func (r *Recorder) Close() error {
	r.saw(Call{Method: "Close"})
	return core.Close(r.store)
}
