package storetest

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// altered is a reference of which single methods are replaced.
type altered struct {
	*reference

	get               func(ctx context.Context, collection, key string) (core.Entry, error)
	getAppend         func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error)
	getMany           func(ctx context.Context, collection string, keys []string) ([]core.Entry, error)
	put               func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error
	putMany           func(ctx context.Context, collection string, items []core.Item) error
	delete            func(ctx context.Context, collection, key string) (bool, error)
	deleteMany        func(ctx context.Context, collection string, keys []string) (int, error)
	insert            func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error)
	keys              func(ctx context.Context, collection string) iter.Seq2[string, error]
	collections       func(ctx context.Context) iter.Seq2[string, error]
	destroyCollection func(ctx context.Context, collection string) (bool, error)
	destroy           func(ctx context.Context) error
	cull              func(ctx context.Context) (int, error)
	setup             func(ctx context.Context, collections ...string) error
	ping              func(ctx context.Context) error
	supports          func(wanted core.Capability) bool
	close             func() error
}

var _ core.Full = (*altered)(nil)

func (a *altered) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if a.get != nil {
		return a.get(ctx, collection, key)
	}
	return a.reference.Get(ctx, collection, key)
}

func (a *altered) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	if a.getAppend != nil {
		return a.getAppend(ctx, collection, key, dst)
	}
	return a.reference.GetAppend(ctx, collection, key, dst)
}

func (a *altered) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if a.getMany != nil {
		return a.getMany(ctx, collection, keys)
	}
	return a.reference.GetMany(ctx, collection, keys)
}

func (a *altered) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if a.put != nil {
		return a.put(ctx, collection, key, value, ttl)
	}
	return a.reference.Put(ctx, collection, key, value, ttl)
}

func (a *altered) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if a.putMany != nil {
		return a.putMany(ctx, collection, items)
	}
	return a.reference.PutMany(ctx, collection, items)
}

func (a *altered) Delete(ctx context.Context, collection, key string) (bool, error) {
	if a.delete != nil {
		return a.delete(ctx, collection, key)
	}
	return a.reference.Delete(ctx, collection, key)
}

func (a *altered) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if a.deleteMany != nil {
		return a.deleteMany(ctx, collection, keys)
	}
	return a.reference.DeleteMany(ctx, collection, keys)
}

func (a *altered) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if a.insert != nil {
		return a.insert(ctx, collection, key, value, ttl)
	}
	return a.reference.Insert(ctx, collection, key, value, ttl)
}

func (a *altered) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	if a.keys != nil {
		return a.keys(ctx, collection)
	}
	return a.reference.Keys(ctx, collection)
}

func (a *altered) Collections(ctx context.Context) iter.Seq2[string, error] {
	if a.collections != nil {
		return a.collections(ctx)
	}
	return a.reference.Collections(ctx)
}

func (a *altered) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if a.destroyCollection != nil {
		return a.destroyCollection(ctx, collection)
	}
	return a.reference.DestroyCollection(ctx, collection)
}

func (a *altered) Destroy(ctx context.Context) error {
	if a.destroy != nil {
		return a.destroy(ctx)
	}
	return a.reference.Destroy(ctx)
}

func (a *altered) Cull(ctx context.Context) (int, error) {
	if a.cull != nil {
		return a.cull(ctx)
	}
	return a.reference.Cull(ctx)
}

func (a *altered) Setup(ctx context.Context, collections ...string) error {
	if a.setup != nil {
		return a.setup(ctx, collections...)
	}
	return a.reference.Setup(ctx, collections...)
}

func (a *altered) Ping(ctx context.Context) error {
	if a.ping != nil {
		return a.ping(ctx)
	}
	return a.reference.Ping(ctx)
}

func (a *altered) Supports(wanted core.Capability) bool {
	if a.supports != nil {
		return a.supports(wanted)
	}
	return a.reference.Supports(wanted)
}

func (a *altered) Close() error {
	if a.close != nil {
		return a.close()
	}
	return a.reference.Close()
}

// getsAs replaces every way to read by one that changes what was read.
func (a *altered) getsAs(change func(collection, key string, entry core.Entry, err error) (core.Entry, error)) {
	a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
		entry, err := a.reference.Get(ctx, collection, key)
		return change(collection, key, entry, err)
	}
	a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
		entry, err := a.get(ctx, collection, key)
		if err == nil {
			entry.Value = append(dst, entry.Value...)
		}
		return entry, err
	}
	a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
		entries, err := a.reference.GetMany(ctx, collection, keys)
		for i := range entries {
			if entries[i].Found() {
				entries[i], _ = change(collection, keys[i], entries[i], nil)
			}
		}
		return entries, err
	}
}

// putsAs replaces every way to write by one that changes what is written.
func (a *altered) putsAs(change func(collection string, item core.Item) core.Item) {
	a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
		item := change(collection, core.Item{Key: key, Value: value, TTL: ttl})
		return a.reference.Put(ctx, collection, item.Key, item.Value, item.TTL)
	}
	a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
		items = slices.Clone(items)
		for i := range items {
			items[i] = change(collection, items[i])
		}
		return a.reference.PutMany(ctx, collection, items)
	}
	a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
		item := change(collection, core.Item{Key: key, Value: value, TTL: ttl})
		return a.reference.Insert(ctx, collection, item.Key, item.Value, item.TTL)
	}
}

// renames has every method use other names than the caller's.
func (a *altered) renames(rename func(collection, key string) (string, string)) {
	collectionOf := func(collection string) string { c, _ := rename(collection, "k"); return c }
	keysOf := func(collection string, keys []string) (renamed []string) {
		for _, key := range keys {
			_, key = rename(collection, key)
			renamed = append(renamed, key)
		}
		return renamed
	}
	a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
		collection, key = rename(collection, key)
		return a.reference.Get(ctx, collection, key)
	}
	a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
		collection, key = rename(collection, key)
		return a.reference.GetAppend(ctx, collection, key, dst)
	}
	a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
		return a.reference.GetMany(ctx, collectionOf(collection), keysOf(collection, keys))
	}
	a.delete = func(ctx context.Context, collection, key string) (bool, error) {
		collection, key = rename(collection, key)
		return a.reference.Delete(ctx, collection, key)
	}
	a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
		return a.reference.DeleteMany(ctx, collectionOf(collection), keysOf(collection, keys))
	}
	a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
		collection, key = rename(collection, key)
		return a.reference.Put(ctx, collection, key, value, ttl)
	}
	a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
		items = slices.Clone(items)
		for i := range items {
			_, items[i].Key = rename(collection, items[i].Key)
		}
		return a.reference.PutMany(ctx, collectionOf(collection), items)
	}
	a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
		collection, key = rename(collection, key)
		return a.reference.Insert(ctx, collection, key, value, ttl)
	}
	a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
		return a.reference.Keys(ctx, collectionOf(collection))
	}
	a.destroyCollection = func(ctx context.Context, collection string) (bool, error) {
		return a.reference.DestroyCollection(ctx, collectionOf(collection))
	}
}
