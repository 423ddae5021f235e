package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// DestroyCollection removes the entries of the collection. The MongoDB
// collection goes too, if the store has made it and nothing else is in it.
// What lies under a key and cannot be decoded stays, as it may be another
// program's, and is an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	physical := b.physical(collection)
	found, err := b.holds(ctx, b.writes, physical, func(w *writer) {
		w.ours(collection)
		w.unexpired(now)
	})
	if err != nil {
		return false, err
	}
	dropped, err := b.destroy(ctx, physical, []string{collection})
	if err != nil {
		return false, err
	}
	if dropped {
		return found, nil
	}
	return found, b.leftovers(ctx, physical, collection)
}

// Destroy removes the entries of every collection, Python's included, and the
// MongoDB collections as DestroyCollection does.
func (b *backend) Destroy(ctx context.Context) error {
	all, err := b.collections(ctx)
	if err != nil {
		return failure(err)
	}
	for _, physical := range all {
		owners, err := b.owners(ctx, physical)
		if err == nil {
			_, err = b.destroy(ctx, physical, owners)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// destroy removes the entries of the owners from a MongoDB collection, and
// reports whether that is gone.
func (b *backend) destroy(ctx context.Context, physical string, owners []string) (dropped bool, err error) {
	names, err := b.indexes(ctx, physical)
	if err != nil {
		return false, err
	}
	if slices.Contains(names, indexExpires) {
		others, err := b.holds(ctx, b.writes, physical, func(w *writer) {
			if len(owners) > 0 {
				w.not(func() { w.ours(owners...) })
			}
		})
		if err != nil {
			return false, err
		}
		if !others {
			return true, failure(b.writes.Collection(physical).Drop(ctx))
		}
	}
	if len(owners) == 0 {
		return false, nil
	}
	_, err = b.deletePhysical(ctx, physical, func(w *writer) { w.ours(owners...) })
	return false, err
}

// maxLeftovers is how many errors DestroyCollection joins at most.
const maxLeftovers = 1000

// leftovers returns an error for each document that is still under a key and
// cannot be decoded.
func (b *backend) leftovers(ctx context.Context, physical, collection string) error {
	w := newWriter()
	defer w.release()
	start := w.begin()
	w.ofType(fieldKey, typeString)
	w.end(start)
	cursor, err := b.writes.Collection(physical).Find(ctx, bson.Raw(w.data))
	if err != nil {
		return failure(err)
	}
	defer cursor.Close(ctx)
	var left []error
	for len(left) < maxLeftovers && cursor.Next(ctx) {
		d := parse(cursor.Current)
		if d.err != nil && d.key != nil && d.belongs(collection, string(d.key)) {
			left = append(left, fmt.Errorf("%.200q: %w", d.key, d.err))
		}
	}
	return errors.Join(failure(cursor.Err()), driver.Leftovers("documents", left))
}

// Cull removes the entries that have expired, of every collection. The server
// compares when it removes: an entry that was written anew stays.
func (b *backend) Cull(ctx context.Context, now time.Time) (int, error) {
	all, err := b.collections(ctx)
	if err != nil {
		return 0, failure(err)
	}
	count := 0
	for _, physical := range all {
		owners, err := b.owners(ctx, physical)
		if err != nil {
			return count, err
		}
		owners = slices.DeleteFunc(owners, func(name string) bool { return b.physical(core.CollectionName(name)) != physical })
		if len(owners) == 0 {
			continue
		}
		n, err := b.deletePhysical(ctx, physical, func(w *writer) {
			w.ours(owners...)
			w.expired(now)
		})
		if count += n; err != nil {
			return count, err
		}
	}
	return count, nil
}
