package memory

import (
	"context"
	"encoding/json"
	"iter"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Null is a store that is always empty: what is put vanishes. It switches
// caching off, or measures a program without its store. [NewNull] makes one.
//
// It checks contexts and arguments as every store does. Since nothing is ever
// there, Get misses, Delete answers false, and Insert answers true to
// everybody: it is no lock.
type Null struct{ closed atomic.Bool }

var _ core.Full = (*Null)(nil)

// NewNull returns a store that forgets everything.
func NewNull() *Null { return &Null{} }

func (n *Null) begin(ctx context.Context, op, collection, key string) error {
	return begin(ctx, n.closed.Load(), op, collection, key)
}

// named makes the checks of a call that has names.
func (n *Null) named(ctx context.Context, op, collection, key string) error {
	if err := n.begin(ctx, op, collection, key); err != nil {
		return err
	}
	if err := checkName(collection, key); err != nil {
		return refuse(op, collection, key, err)
	}
	return nil
}

// written makes the checks of a call that writes.
func (n *Null) written(ctx context.Context, op, collection string, item core.Item) error {
	if err := n.begin(ctx, op, collection, item.Key); err != nil {
		return err
	}
	if err := checkItem(collection, item); err != nil {
		return refuse(op, collection, item.Key, err)
	}
	return nil
}

// Get returns core.ErrNotFound.
func (n *Null) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := n.named(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	return core.Entry{}, core.ErrNotFound
}

// GetAppend returns core.ErrNotFound.
func (n *Null) GetAppend(ctx context.Context, collection, key string, _ []byte) (core.Entry, error) {
	return n.Get(ctx, collection, key)
}

// GetMany returns the zero Entry for each key.
func (n *Null) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := n.begin(ctx, "get many", collection, ""); err != nil {
		return nil, err
	}
	if err := checkKeys("get many", collection, keys); err != nil {
		return nil, err
	}
	return make([]core.Entry, len(keys)), nil
}

// Put checks its arguments and stores nothing.
func (n *Null) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	return n.written(ctx, "put", collection, core.Item{Key: key, Value: value, TTL: ttl})
}

// PutMany checks its arguments and stores nothing.
func (n *Null) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := n.begin(ctx, "put many", collection, ""); err != nil {
		return err
	}
	return checkItems("put many", collection, items)
}

// Insert checks its arguments, stores nothing, and reports true, since there
// was no entry.
func (n *Null) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	err := n.written(ctx, "insert", collection, core.Item{Key: key, Value: value, TTL: ttl})
	return err == nil, err
}

// Delete reports false.
func (n *Null) Delete(ctx context.Context, collection, key string) (bool, error) {
	return false, n.named(ctx, "delete", collection, key)
}

// DeleteMany returns zero.
func (n *Null) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := n.begin(ctx, "delete many", collection, ""); err != nil {
		return 0, err
	}
	return 0, checkKeys("delete many", collection, keys)
}

// Keys ranges over nothing.
func (n *Null) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := n.begin(ctx, "keys", collection, "")
		if err == nil {
			err = checkCollections("keys", []string{collection})
		}
		if err != nil {
			yield("", err)
		}
	}
}

// Collections ranges over nothing.
func (n *Null) Collections(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := n.begin(ctx, "collections", "", ""); err != nil {
			yield("", err)
		}
	}
}

// DestroyCollection reports false.
func (n *Null) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if err := n.begin(ctx, "destroy collection", collection, ""); err != nil {
		return false, err
	}
	return false, checkCollections("destroy collection", []string{collection})
}

// Destroy has nothing to do.
func (n *Null) Destroy(ctx context.Context) error { return n.begin(ctx, "destroy", "", "") }

// Cull returns zero.
func (n *Null) Cull(ctx context.Context) (int, error) { return 0, n.begin(ctx, "cull", "", "") }

// Ping returns nil unless the store was closed.
func (n *Null) Ping(ctx context.Context) error { return n.begin(ctx, "ping", "", "") }

// Setup has nothing to do but to check the names of the collections.
func (n *Null) Setup(ctx context.Context, collections ...string) error {
	if err := n.begin(ctx, "setup", "", ""); err != nil {
		return err
	}
	return checkCollections("setup", collections)
}

// Supports reports true: there is an answer to every call.
func (n *Null) Supports(wanted core.Capability) bool { return core.CanAll.Has(wanted) }

// Close makes later calls core.ErrClosed. It returns nil.
func (n *Null) Close() error {
	n.closed.Store(true)
	return nil
}
