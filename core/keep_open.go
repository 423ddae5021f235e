package core

import (
	"context"
	"encoding/json"
	"iter"
	"sync/atomic"
	"time"
)

// KeepOpen returns a view of a store that somebody else opened and will
// close. Closing the view leaves the store open: it only ends the view, whose
// calls answer [ErrClosed] from then on. Give it to wrappers and frameworks
// that close what they are given.
func KeepOpen(s Store) Full { return &view{store: s} }

var (
	_ Full      = (*view)(nil)
	_ Unwrapper = (*view)(nil)
)

type view struct {
	store  Store
	closed atomic.Bool
}

func (v *view) Unwrap() Store                   { return v.store }
func (v *view) Supports(wanted Capability) bool { return Supports(v.store, wanted) }

func (v *view) Close() error {
	v.closed.Store(true)
	return nil
}

// check refuses a call whose context is done or whose view was closed.
func (v *view) check(ctx context.Context, op, collection, key string) error {
	if !v.closed.Load() {
		return nil // the store checks the context itself
	}
	cause := ctx.Err()
	if cause == nil {
		cause = ErrClosed
	}
	return &Error{Op: op, Collection: collection, Key: key, Err: cause}
}

func (v *view) Get(ctx context.Context, collection, key string) (Entry, error) {
	if err := v.check(ctx, "get", collection, key); err != nil {
		return Entry{}, err
	}
	return v.store.Get(ctx, collection, key)
}

func (v *view) GetAppend(ctx context.Context, collection, key string, dst []byte) (Entry, error) {
	if err := v.check(ctx, "get", collection, key); err != nil {
		return Entry{}, err
	}
	return GetAppend(ctx, v.store, collection, key, dst)
}

func (v *view) GetMany(ctx context.Context, collection string, keys []string) ([]Entry, error) {
	if err := v.check(ctx, "get many", collection, ""); err != nil {
		return nil, err
	}
	return v.store.GetMany(ctx, collection, keys)
}

func (v *view) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := v.check(ctx, "put", collection, key); err != nil {
		return err
	}
	return v.store.Put(ctx, collection, key, value, ttl)
}

func (v *view) PutMany(ctx context.Context, collection string, items []Item) error {
	if err := v.check(ctx, "put many", collection, ""); err != nil {
		return err
	}
	return v.store.PutMany(ctx, collection, items)
}

func (v *view) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := v.check(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	return v.store.Delete(ctx, collection, key)
}

func (v *view) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := v.check(ctx, "delete many", collection, ""); err != nil {
		return 0, err
	}
	return v.store.DeleteMany(ctx, collection, keys)
}

func (v *view) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := v.check(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	return Insert(ctx, v.store, collection, key, value, ttl)
}

func (v *view) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return v.listing(ctx, "keys", collection, Keys(ctx, v.store, collection))
}

func (v *view) Collections(ctx context.Context) iter.Seq2[string, error] {
	return v.listing(ctx, "collections", "", Collections(ctx, v.store))
}

// listing ranges over names until the view is closed, from inside the body too.
func (v *view) listing(ctx context.Context, op, collection string, names iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := v.check(ctx, op, collection, ""); err != nil {
			yield("", err)
			return
		}
		for name, err := range names {
			if closed := v.check(ctx, op, collection, ""); closed != nil {
				yield("", closed)
				return
			}
			if !yield(name, err) {
				return
			}
		}
	}
}

func (v *view) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if err := v.check(ctx, "destroy collection", collection, ""); err != nil {
		return false, err
	}
	return DestroyCollection(ctx, v.store, collection)
}

func (v *view) Destroy(ctx context.Context) error {
	if err := v.check(ctx, "destroy", "", ""); err != nil {
		return err
	}
	return Destroy(ctx, v.store)
}

func (v *view) Cull(ctx context.Context) (int, error) {
	if err := v.check(ctx, "cull", "", ""); err != nil {
		return 0, err
	}
	return Cull(ctx, v.store)
}

func (v *view) Setup(ctx context.Context, collections ...string) error {
	if err := v.check(ctx, "setup", "", ""); err != nil {
		return err
	}
	return Setup(ctx, v.store, collections...)
}

func (v *view) Ping(ctx context.Context) error {
	if err := v.check(ctx, "ping", "", ""); err != nil {
		return err
	}
	return Ping(ctx, v.store)
}
