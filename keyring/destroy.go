package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DestroyCollection removes the entries of the collection. What has a name of
// the collection and cannot be decoded stays, and is an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	existed := false
	var left []error
	err := b.sweep(ctx, collection,
		func(i item, _ core.Entry) bool { return i.collection == collection },
		func(s swept) {
			existed = existed || s.removed && !s.entry.ExpiredAt(now)
			if s.corrupt != nil && s.item.collection == collection {
				left = append(left, fmt.Errorf("left %.200q: %w", s.item.name, s.corrupt))
			}
		})
	return existed, errors.Join(append(left, err)...)
}

// Destroy removes every entry of this library from the ring, as far as it has
// the prefix. What cannot be decoded may be another program's and stays.
func (b *backend) Destroy(ctx context.Context) error {
	return b.sweep(ctx, "", func(item, core.Entry) bool { return true }, func(swept) {})
}

// Cull removes what has expired, and what interrupted writes have left behind.
func (b *backend) Cull(ctx context.Context, now time.Time) (int, error) {
	count := 0
	err := b.sweep(ctx, "",
		func(_ item, entry core.Entry) bool { return entry.ExpiredAt(now) },
		func(s swept) {
			if s.removed {
				count++
			}
		})
	if err != nil {
		return count, err
	}
	_, err = take(ctx, b.turn, func() (struct{}, error) { return struct{}{}, b.items.tidy() })
	return count, err
}

// swept is what became of an item.
type swept struct {
	item    item
	entry   core.Entry
	removed bool
	corrupt error // set where it cannot be decoded
}

// sweep reads the items of a collection, or all of ours, removes those that are
// to go, and says of each what became of it. Reading and removing an item is
// one turn, so that no write of this store comes between.
func (b *backend) sweep(ctx context.Context, collection string, goes func(item, core.Entry) bool, say func(swept)) error {
	found, err := b.find(ctx, collection)
	if err != nil {
		return err
	}
	for _, i := range found {
		s, err := take(ctx, b.turn, func() (swept, error) { return b.sweepOne(ctx, i, goes) })
		if err != nil {
			return err
		}
		say(s)
	}
	return nil
}

func (b *backend) sweepOne(ctx context.Context, i item, goes func(item, core.Entry) bool) (swept, error) {
	s := swept{item: i}
	data, err := b.items.get(i.name)
	if err == nil {
		s.item, s.entry, err = b.read(i, data)
	}
	switch {
	case errors.Is(err, core.ErrNotFound):
		return s, nil
	case errors.Is(err, core.ErrCorrupt):
		s.corrupt = err
		return s, nil
	case err != nil:
		return s, err
	}
	if err := ctx.Err(); err != nil {
		return s, err
	}
	if !goes(s.item, s.entry) {
		return s, nil
	}
	err = b.items.remove(i.name)
	if errors.Is(err, core.ErrNotFound) {
		return s, nil
	}
	s.removed = err == nil
	return s, err
}
