package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// cached keeps what it reads in another store. It is simple: one mutex keeps
// readers from storing what a writer has just replaced.
type cached struct {
	*observed
	cache core.Store
	mutex sync.RWMutex
	wrote uint64
}

func newCached(inner, cache core.Store) *cached {
	c := &cached{observed: newObserved(inner), cache: cache}
	c.close = joinedClose(inner, cache)
	return c
}

// joinedClose closes several stores once.
func joinedClose(stores ...core.Store) func() error {
	return sync.OnceValue(func() error {
		var errs []error
		for _, s := range stores {
			errs = append(errs, core.Close(s))
		}
		return errors.Join(errs...)
	})
}

func (c *cached) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if entry, err := c.cache.Get(ctx, collection, key); err != core.ErrNotFound {
		return entry, err
	}
	c.mutex.RLock()
	before := c.wrote
	c.mutex.RUnlock()
	entry, err := c.inner.Get(ctx, collection, key)
	if err != nil {
		return entry, err
	}
	remaining, expires := entry.TTL()
	if expires && remaining <= 0 {
		return core.Entry{}, core.ErrNotFound
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if before == c.wrote {
		_ = c.cache.Put(ctx, collection, key, entry.Value, remaining)
	}
	return entry, nil
}

func (c *cached) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := c.Get(ctx, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

// forget empties the cache after a write, whatever came of it.
func (c *cached) forget() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.wrote++
	_ = core.Destroy(context.Background(), c.cache)
}

func (c *cached) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	defer c.forget()
	return c.inner.Put(ctx, collection, key, value, ttl)
}

func (c *cached) PutMany(ctx context.Context, collection string, items []core.Item) error {
	defer c.forget()
	return c.inner.PutMany(ctx, collection, items)
}

func (c *cached) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	defer c.forget()
	return core.Insert(ctx, c.inner, collection, key, value, ttl)
}

func (c *cached) Delete(ctx context.Context, collection, key string) (bool, error) {
	defer c.forget()
	return c.inner.Delete(ctx, collection, key)
}

func (c *cached) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	defer c.forget()
	return c.inner.DeleteMany(ctx, collection, keys)
}

func (c *cached) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	defer c.forget()
	return core.DestroyCollection(ctx, c.inner, collection)
}

func (c *cached) Destroy(ctx context.Context) error {
	defer c.forget()
	return core.Destroy(ctx, c.inner)
}
