package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The indexes of a MongoDB collection that the store has made. The name of the
// second says who made it: a collection with it is the store's to drop.
const (
	indexKey     = "keyvalue_key"
	indexExpires = "keyvalue_expires_at"
)

// expireAfterSeconds is how much longer than it lives the server keeps an
// entry, since it goes by its own clock.
const expireAfterSeconds = 60

// SetupCollection makes the MongoDB collection with its indexes if it is not
// there. One that is there is left as it is, since an index could remove what
// is another program's; but if it has no indexes and nothing but the store's
// own documents, a write has made it after it was dropped, and it gets them.
func (b *backend) SetupCollection(ctx context.Context, collection string) error {
	physical := b.physical(collection)
	existing, err := b.writes.ListCollectionNames(ctx, bson.D{{Key: "name", Value: physical}})
	if err != nil {
		return failure(err)
	}
	switch {
	case len(existing) == 0 && b.noCreate:
		return errors.New("the MongoDB collection does not exist, and Options.NoCreate is set")
	case b.noCreate:
		return nil
	case len(existing) > 0:
		if forsaken, err := b.forsaken(ctx, physical, collection); err != nil || !forsaken {
			return err
		}
	}
	_, err = b.writes.Collection(physical).Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: bson.D{{Key: fieldKey, Value: 1}}, Options: options.Index().SetName(indexKey)},
		{
			Keys:    bson.D{{Key: fieldExpiresAt, Value: 1}},
			Options: options.Index().SetName(indexExpires).SetExpireAfterSeconds(expireAfterSeconds),
		},
	})
	return failure(err)
}

// forsaken reports whether a MongoDB collection was made by a write of the
// store: it has no index of anybody's, and only documents with the `_id` that
// no other program gives.
func (b *backend) forsaken(ctx context.Context, physical, collection string) (bool, error) {
	names, err := b.indexes(ctx, physical)
	if err != nil || len(names) > 1 { // one is that of `_id`
		return false, err
	}
	own := func(w *writer) {
		w.ours(collection)
		w.ofType(fieldID, typeBinary)
	}
	found, err := b.holds(ctx, b.writes, physical, own)
	if err != nil || !found {
		return false, err
	}
	others, err := b.holds(ctx, b.writes, physical, func(w *writer) { w.not(func() { own(w) }) })
	return !others, err
}

// indexes returns the names of the indexes of a MongoDB collection.
func (b *backend) indexes(ctx context.Context, physical string) ([]string, error) {
	specifications, err := b.writes.Collection(physical).Indexes().ListSpecifications(ctx)
	if err != nil {
		return nil, failure(err)
	}
	names := make([]string, len(specifications))
	for i, s := range specifications {
		names[i] = s.Name
	}
	return names, nil
}
