package wrappers

import (
	"context"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Get answers from the cache, or else from the primary.
func (c *PassthroughCache) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return c.read(ctx, collection, key, nil)
}

// GetAppend is Get into a buffer, which takes the copy as the cache holds it
// on the way: with room for about 150 bytes more than the value a hit does not
// allocate.
func (c *PassthroughCache) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return c.read(ctx, collection, key, dst)
}

func (c *PassthroughCache) read(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	if err := c.check(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	s, name := c.stripe(collection, key)
	for again := true; ; again = false {
		filled := s.filled.Load()
		if s.readable(name) {
			if entry, hit := c.hit(ctx, s, collection, key, dst); hit {
				if !entry.Found() {
					return core.Entry{}, core.ErrNotFound
				}
				return entry, nil
			}
		}
		// A flight may have landed since the cache was asked. Then it has the
		// copy by now.
		if !again || s.filled.Load() == filled {
			break
		}
	}
	return c.readPrimary(ctx, s, name, collection, dst)
}

// hit answers from the cache: an entry, the zero Entry where the cache knows
// that there is none, or false.
func (c *PassthroughCache) hit(ctx context.Context, s *cacheStripe, collection, key string, dst []byte) (core.Entry, bool) {
	var held core.Entry
	var err error
	if dst == nil {
		held, err = c.cache.Get(ctx, collection, key)
	} else {
		held, err = core.GetAppend(ctx, c.cache, collection, key, dst)
	}
	if err != nil || len(held.Value) < len(dst) {
		return core.Entry{}, false
	}
	copied, answer := c.open(s, held.Value[len(dst):])
	switch answer {
	case copyUnusable:
		return core.Entry{}, false
	case copyStale:
		c.refresh(ctx, "get", collection, []string{key})
	}
	entry := copied.entry()
	if dst != nil && entry.Found() {
		n := copy(held.Value[len(dst):], entry.Value)
		entry.Value = held.Value[:len(dst)+n]
	}
	return entry, true
}

// copyState says what can be done with a copy.
type copyState int

const (
	copyUnusable copyState = iota
	copyStale              // usable, and to be refreshed
	copyFresh
)

// open looks at what the cache holds.
func (c *PassthroughCache) open(s *cacheStripe, text []byte) (cachedCopy, copyState) {
	copied, ok := decodeCopy(text)
	now := time.Now()
	switch {
	case !ok || !c.trusts(s, &copied, now) || copied.entry().ExpiredAt(now):
		return cachedCopy{}, copyUnusable
	case now.Before(copied.fresh):
		return copied, copyFresh
	case copied.value != nil && now.Sub(copied.fresh) < c.stale:
		return copied, copyStale
	}
	return cachedCopy{}, copyUnusable
}

// readPrimary joins the load of the key, or begins it.
func (c *PassthroughCache) readPrimary(ctx context.Context, s *cacheStripe, name cacheName, collection string, dst []byte) (core.Entry, error) {
	b := newBatch(ctx, "get", collection)
	f := b.board(s, name)
	if f.batch == b {
		c.fly(b)
	} else {
		b.cancel()
	}
	if !f.await(ctx) {
		return core.Entry{}, c.fail("get", collection, name.key, ctx.Err())
	}
	entry, err := c.result(f, "get", collection)
	switch {
	case err != nil:
		return core.Entry{}, err
	case !entry.Found():
		return core.Entry{}, core.ErrNotFound
	case dst != nil:
		entry.Value = append(dst, entry.Value...)
	}
	return entry, nil
}

// Keys is the primary's.
func (c *PassthroughCache) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return c.list(ctx, "keys", collection, core.Keys(ctx, c.primary, collection))
}

// Collections is the primary's.
func (c *PassthroughCache) Collections(ctx context.Context) iter.Seq2[string, error] {
	return c.list(ctx, "collections", "", core.Collections(ctx, c.primary))
}

func (c *PassthroughCache) list(ctx context.Context, op, collection string, names iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := c.check(ctx, op, collection, ""); err != nil {
			yield("", err)
			return
		}
		names(yield)
	}
}
