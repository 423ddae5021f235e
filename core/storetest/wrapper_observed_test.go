package storetest

import (
	"context"
	"encoding/json"
	"iter"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// transparent is a correct transparent wrapper: it counts calls.
type transparent struct{ *observed }

func newTransparent(inner core.Store) transparent { return transparent{newObserved(inner)} }

func (t transparent) Unwrap() core.Store { return t.inner }

// observed is what wrappers share that pass most calls on as they are.
type observed struct {
	inner core.Store
	close func() error

	mutex sync.Mutex
	count int
}

func newObserved(inner core.Store) *observed {
	return &observed{inner: inner, close: sync.OnceValue(func() error { return core.Close(inner) })}
}

func (o *observed) see() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.count++
}

func (o *observed) Supports(wanted core.Capability) bool { return core.Supports(o.inner, wanted) }
func (o *observed) Close() error                         { return o.close() }

func (o *observed) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	o.see()
	return o.inner.Get(ctx, collection, key)
}

func (o *observed) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	o.see()
	return core.GetAppend(ctx, o.inner, collection, key, dst)
}

func (o *observed) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	o.see()
	return o.inner.GetMany(ctx, collection, keys)
}

func (o *observed) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	o.see()
	return o.inner.Put(ctx, collection, key, value, ttl)
}

func (o *observed) PutMany(ctx context.Context, collection string, items []core.Item) error {
	o.see()
	return o.inner.PutMany(ctx, collection, items)
}

func (o *observed) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	o.see()
	return core.Insert(ctx, o.inner, collection, key, value, ttl)
}

func (o *observed) Delete(ctx context.Context, collection, key string) (bool, error) {
	o.see()
	return o.inner.Delete(ctx, collection, key)
}

func (o *observed) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	o.see()
	return o.inner.DeleteMany(ctx, collection, keys)
}

func (o *observed) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, o.inner, collection)
}

func (o *observed) Collections(ctx context.Context) iter.Seq2[string, error] {
	return core.Collections(ctx, o.inner)
}

func (o *observed) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return core.DestroyCollection(ctx, o.inner, collection)
}

func (o *observed) Destroy(ctx context.Context) error     { return core.Destroy(ctx, o.inner) }
func (o *observed) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, o.inner) }
func (o *observed) Ping(ctx context.Context) error        { return core.Ping(ctx, o.inner) }

func (o *observed) Setup(ctx context.Context, collections ...string) error {
	return core.Setup(ctx, o.inner, collections...)
}
