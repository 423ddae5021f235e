package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Delete removes the live documents of the key, of which there is one unless
// Python programs have written at the same time, and if there was none what has
// expired or cannot be decoded.
//
// A document that another program has inserted between the two requests is
// live, and stays. The driver repeats neither of them.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	count, err := b.DeleteMany(ctx, collection, []string{key}, now)
	return count > 0, err
}

// DeleteMany does so for many keys. It counts documents.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	count := 0
	err := chunks(keys, func(part []string) (driver.KeyErrors, error) {
		deleted, err := b.delete(ctx, collection, func(w *writer) {
			w.amongKeys(part)
			w.live(collection, now)
		})
		if err != nil || deleted >= len(part) {
			count += min(deleted, len(part))
			return nil, err
		}
		count += deleted
		_, err = b.delete(ctx, collection, func(w *writer) {
			w.amongKeys(part)
			w.not(func() { w.live(collection, now) })
		})
		return nil, err
	})
	return count, err
}

// delete removes the documents under the conditions that the function writes.
func (b *backend) delete(ctx context.Context, collection string, conditions func(w *writer)) (int, error) {
	return b.deletePhysical(ctx, b.physical(collection), conditions)
}

func (b *backend) deletePhysical(ctx context.Context, physical string, conditions func(w *writer)) (int, error) {
	w := newWriter()
	defer w.release()
	start := w.begin()
	conditions(w)
	w.end(start)
	result, err := b.writes.Collection(physical).DeleteMany(ctx, bson.Raw(w.data))
	switch {
	case err != nil:
		return 0, failure(err)
	case !result.Acknowledged:
		return 0, errUnacknowledged
	}
	return int(result.DeletedCount), nil
}
