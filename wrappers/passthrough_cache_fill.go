package wrappers

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// fill puts copies of what was loaded into the cache.
func (c *PassthroughCache) fill(ctx context.Context, b *cacheBatch) {
	if b.err != nil || ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, cachePatience)
	defer cancel()
	var items []core.Item
	var filling, ended []*cacheFlight
	for _, f := range b.flights {
		if f.err != nil {
			continue
		}
		item, ok := c.copyOf(f)
		switch {
		case ok && f.beginFill():
			items = append(items, item)
			filling = append(filling, f)
		case !ok && b.refresh && f.beginFill():
			ended = append(ended, f)
		}
	}
	if len(filling) > 0 {
		c.endFill(ctx, b.collection, filling, c.putCopies(ctx, b.collection, items))
	}
	if len(ended) > 0 { // what was refreshed is no more
		c.endFill(ctx, b.collection, ended, c.forget(ctx, b.collection, keysOf(ended)))
	}
}

// copyOf returns the copy to keep of what was loaded, if any.
func (c *PassthroughCache) copyOf(f *cacheFlight) (core.Item, bool) {
	now := time.Now()
	remaining, expires := f.entry.TTL()
	lifetime, keep := c.missingTTL, c.stale
	switch {
	case !f.entry.Found():
		lifetime, keep = c.negativeTTL, 0
	case expires:
		lifetime = min(remaining, c.maxTTL)
	}
	lifetime -= time.Duration(c.jitter * rand.Float64() * float64(lifetime))
	if keep += lifetime; keep < 0 { // overflow
		keep = lifetime
	}
	if expires {
		keep = min(keep, remaining)
	}
	if lifetime <= 0 {
		return core.Item{}, false
	}
	text := appendCopy(nil, &cachedCopy{
		writer: []byte(c.writer), doubts: f.doubts, fresh: now.Add(lifetime),
		created: f.entry.CreatedAt, expires: f.entry.ExpiresAt, value: f.entry.Value,
	})
	return core.Item{Key: f.key, Value: text, TTL: keep}, true
}

// putCopies writes to the cache, in one call, and returns an error where
// copies may have been written, or still may be, although they were refused.
func (c *PassthroughCache) putCopies(ctx context.Context, collection string, items []core.Item) error {
	var err error
	if len(items) == 1 {
		err = c.cache.Put(ctx, collection, items[0].Key, items[0].Value, items[0].TTL)
	} else {
		err = c.cache.PutMany(ctx, collection, items)
	}
	if _, single := err.(*core.Error); single && isRefusal(err) {
		return nil // a join may have refused some and lost others
	}
	return err
}

// isRefusal reports whether a store that returned the error has written nothing.
func isRefusal(err error) bool {
	return errors.Is(err, core.ErrInvalidKey) || errors.Is(err, core.ErrInvalidValue) ||
		errors.Is(err, core.ErrTooLarge) || errors.Is(err, core.ErrTooSmall) ||
		errors.Is(err, core.ErrReadOnly) || errors.Is(err, core.ErrClosed)
}

// beginFill reports whether the cache may be written: no write of the key has
// begun since the load did.
func (f *cacheFlight) beginFill() bool {
	s, t := f.stripe, f.traffic
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !f.settled || s.destroying > 0 || !t.settled() || t.writes != f.writes || s.doubts() != f.doubts {
		return false
	}
	t.fills++
	return true
}

// endFill looks whether the keys were written while their copies were, which
// then are removed again. Until then nobody reads them.
func (c *PassthroughCache) endFill(ctx context.Context, collection string, filled []*cacheFlight, err error) {
	var dirty []*cacheFlight
	for _, f := range filled {
		if err != nil {
			f.stripe.lose(c.doubtful())
		}
		if !f.endFill(false) {
			dirty = append(dirty, f)
		}
	}
	if len(dirty) == 0 {
		return
	}
	err = c.forget(ctx, collection, keysOf(dirty))
	for _, f := range dirty {
		if err != nil {
			f.stripe.lose(c.doubtful())
		}
		f.endFill(true)
	}
}

// endFill ends a fill whose copy may stay, or was cleaned up, and reports
// false where it is to be cleaned up first.
func (f *cacheFlight) endFill(cleaned bool) bool {
	s, t := f.stripe, f.traffic
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if t.dirty && !cleaned {
		return false
	}
	if t.fills--; t.fills == 0 {
		t.dirty = false // the last of those that could have left an old copy
	}
	s.filled.Add(1)
	return true
}

// forget removes copies from the cache. Where it returns an error, some may
// still be there.
func (c *PassthroughCache) forget(ctx context.Context, collection string, keys []string) error {
	switch len(keys) {
	case 0:
		return nil
	case 1:
		_, err := c.cache.Delete(ctx, collection, keys[0])
		if errors.Is(err, core.ErrInvalidKey) {
			return nil // nothing can be there
		}
		return err
	}
	_, err := c.cache.DeleteMany(ctx, collection, keys)
	if !errors.Is(err, core.ErrInvalidKey) {
		return err
	}
	for i := range keys { // one was refused, and so all
		if err := c.forget(ctx, collection, keys[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

func keysOf(flights []*cacheFlight) []string {
	keys := make([]string, len(flights))
	for i, f := range flights {
		keys[i] = f.key
	}
	return keys
}
