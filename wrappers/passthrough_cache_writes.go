package wrappers

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Put writes the primary, and then removes the copy.
func (c *PassthroughCache) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := c.check(ctx, "put", collection, key); err != nil {
		return err
	}
	defer c.writing(ctx, collection, []string{key})()
	return c.primary.Put(ctx, collection, key, value, ttl)
}

// PutMany writes the primary, and then removes the copies.
func (c *PassthroughCache) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := c.check(ctx, "put many", collection, ""); err != nil {
		return err
	}
	keys := make([]string, len(items))
	for i := range items {
		keys[i] = items[i].Key
	}
	defer c.writing(ctx, collection, keys)()
	return c.primary.PutMany(ctx, collection, items)
}

// Insert is the primary's, and then removes the copy, also that of a miss.
func (c *PassthroughCache) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := c.check(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	defer c.writing(ctx, collection, []string{key})()
	return core.Insert(ctx, c.primary, collection, key, value, ttl)
}

// Delete removes the entry from the primary, whose answer it returns, and then
// the copy.
func (c *PassthroughCache) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := c.check(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	defer c.writing(ctx, collection, []string{key})()
	return c.primary.Delete(ctx, collection, key)
}

// DeleteMany removes the entries from the primary, whose answer it returns,
// and then the copies.
func (c *PassthroughCache) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := c.check(ctx, "delete many", collection, ""); err != nil {
		return 0, err
	}
	defer c.writing(ctx, collection, slices.Clone(keys))()
	return c.primary.DeleteMany(ctx, collection, keys)
}

// writing says that the keys are about to be written, and returns what is to
// be called when they were, whatever came of it.
func (c *PassthroughCache) writing(ctx context.Context, collection string, keys []string) func() {
	for _, key := range keys {
		s, name := c.stripe(collection, key)
		s.beginWrite(name)
	}
	return func() {
		for _, key := range keys {
			s, name := c.stripe(collection, key)
			s.written(name)
		}
		c.clean(ctx, func(ctx context.Context) error {
			return c.forget(ctx, collection, keys)
		}, func(err error) {
			for _, key := range keys {
				s, name := c.stripe(collection, key)
				if err != nil {
					s.lose(c.doubtful())
				}
				s.endWrite(name)
			}
		})
	}
}

// clean removes copies and calls end with the error. Where the caller's
// context ends it goes on in the background: the caller need not wait, and
// nobody reads the copies before the end.
func (c *PassthroughCache) clean(ctx context.Context, remove func(context.Context) error, end func(error)) {
	err := ctx.Err()
	if err == nil {
		err = remove(ctx)
	}
	if err == nil || ctx.Err() == nil {
		end(err)
		return
	}
	started := c.tasks.start(ctx, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, cachePatience)
		defer cancel()
		end(remove(ctx))
	})
	if !started {
		end(err)
	}
}

// DestroyCollection destroys the collection in the primary, whose answer it
// returns, and then in the cache.
func (c *PassthroughCache) DestroyCollection(ctx context.Context, collection string) (destroyed bool, err error) {
	if err := c.check(ctx, "destroy collection", collection, ""); err != nil {
		return false, err
	}
	end := c.destroying(ctx, func(ctx context.Context) error {
		_, err := core.DestroyCollection(ctx, c.cache, collection)
		return err
	})
	defer func() { end(err) }()
	return core.DestroyCollection(ctx, c.primary, collection)
}

// Destroy destroys all entries of the primary, and then of the cache.
func (c *PassthroughCache) Destroy(ctx context.Context) (err error) {
	if err := c.check(ctx, "destroy", "", ""); err != nil {
		return err
	}
	end := c.destroying(ctx, func(ctx context.Context) error { return core.Destroy(ctx, c.cache) })
	defer func() { end(err) }()
	return core.Destroy(ctx, c.primary)
}

// destroying says that any key may be about to be destroyed, and returns what
// is to be called with what came of it.
func (c *PassthroughCache) destroying(ctx context.Context, remove func(context.Context) error) func(error) {
	for i := range c.stripes {
		c.stripes[i].beginDestroy()
	}
	end := func(err error) {
		for i := range c.stripes {
			if err != nil {
				c.stripes[i].lose(c.doubtful())
			}
			c.stripes[i].endDestroy()
		}
	}
	return func(err error) {
		for i := range c.stripes {
			c.stripes[i].destroyed()
		}
		if errors.Is(err, errors.ErrUnsupported) {
			end(nil) // nothing was destroyed
			return
		}
		c.clean(ctx, remove, end)
	}
}

// Cull removes expired entries from the primary, and returns how many there
// were, and then from the cache, where it can. No copy outlives its entry, so
// that nobody is told of a cache that fails.
func (c *PassthroughCache) Cull(ctx context.Context) (int, error) {
	if err := c.check(ctx, "cull", "", ""); err != nil {
		return 0, err
	}
	culled, err := core.Cull(ctx, c.primary)
	if err == nil {
		_, _ = core.Cull(ctx, c.cache)
	}
	return culled, err
}
