package wrappers

import (
	"bytes"
	"context"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// GetMany is one bulk read of the cache, and one of the primary for what is
// missing and not being loaded already.
func (c *PassthroughCache) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := c.check(ctx, "get many", collection, ""); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return c.primary.GetMany(ctx, collection, keys)
	}
	entries := make([]core.Entry, len(keys))
	filled := c.fills(collection, keys)
	missed := c.hits(ctx, collection, keys, entries)
	if c.filledSince(collection, keys, missed, filled) {
		// A flight has landed since the cache was asked: it has a copy by now.
		missed = c.hits(ctx, collection, keys, entries)
	}
	if len(missed) == 0 {
		return entries, nil
	}
	b := newBatch(ctx, "get many", collection)
	flights := make([]*cacheFlight, 0, len(missed))
	places := make(map[string][]int, len(missed))
	for _, i := range missed {
		if places[keys[i]] == nil {
			flights = append(flights, b.board(c.stripe(collection, keys[i])))
		}
		places[keys[i]] = append(places[keys[i]], i)
	}
	if len(b.flights) > 0 {
		c.fly(b)
	} else {
		b.cancel()
	}
	for i, f := range flights {
		if !f.await(ctx) {
			for _, f := range flights[i+1:] {
				f.leave()
			}
			return nil, c.fail("get many", collection, "", ctx.Err())
		}
	}
	if b.err != nil {
		if c.tasks.ctx.Err() != nil {
			return nil, c.fail("get many", collection, "", core.ErrClosed)
		}
		return nil, b.err
	}
	var errs []error
	for _, f := range flights {
		entry, err := c.result(f, "get many", collection)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for n, i := range places[f.key] {
			entries[i] = entry
			if n > 0 {
				entries[i].Value = bytes.Clone(entry.Value)
			}
		}
	}
	return entries, joinErrors(errs)
}

// fills returns how many copies were made in the stripe of each key.
func (c *PassthroughCache) fills(collection string, keys []string) []uint64 {
	filled := make([]uint64, len(keys))
	for i, key := range keys {
		s, _ := c.stripe(collection, key)
		filled[i] = s.filled.Load()
	}
	return filled
}

// filledSince reports whether a copy may have been made of a key that was missed.
func (c *PassthroughCache) filledSince(collection string, keys []string, missed []int, filled []uint64) bool {
	for _, i := range missed {
		if s, _ := c.stripe(collection, keys[i]); s.filled.Load() != filled[i] {
			return true
		}
	}
	return false
}

// hits answers from the cache and returns the places that it could not.
func (c *PassthroughCache) hits(ctx context.Context, collection string, keys []string, entries []core.Entry) (missed []int) {
	readable := keys
	var places []int // of the readable keys, where those are not all
	for i, key := range keys {
		switch s, name := c.stripe(collection, key); {
		case !s.readable(name):
			if missed == nil {
				readable = slices.Clone(keys[:i])
				for place := range i {
					places = append(places, place)
				}
			}
			missed = append(missed, i)
		case missed != nil:
			readable = append(readable, key)
			places = append(places, i)
		}
	}
	if len(readable) == 0 {
		return missed
	}
	held, _ := c.cache.GetMany(ctx, collection, readable)
	var stale []string
	for at, key := range readable {
		i := at
		if places != nil {
			i = places[at]
		}
		if len(held) != len(readable) {
			missed = append(missed, i)
			continue
		}
		s, _ := c.stripe(collection, key)
		copied, state := c.open(s, held[at].Value)
		switch state {
		case copyUnusable:
			missed = append(missed, i)
			continue
		case copyStale:
			stale = append(stale, key)
		}
		entries[i] = copied.entry()
	}
	if len(stale) > 0 {
		c.refresh(ctx, "get many", collection, stale)
	}
	slices.Sort(missed)
	return missed
}
