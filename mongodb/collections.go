package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Collections lists the collections that hold a live entry. It asks each
// MongoDB collection of the database for one.
func (b *backend) Collections(ctx context.Context) (driver.Pager, error) {
	physical, err := b.collections(ctx)
	if err != nil {
		return nil, failure(err)
	}
	return &collectionPager{backend: b, rest: physical}, nil
}

// collectionPager asks one MongoDB collection after the other.
type collectionPager struct {
	*backend
	rest []string
}

// collectionsPerPage is how many MongoDB collections are asked for a page.
const collectionsPerPage = 50

// Next asks the next collections.
func (p *collectionPager) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	n := min(collectionsPerPage, len(p.rest))
	for _, physical := range p.rest[:n] {
		owners, err := p.owners(ctx, physical)
		if err != nil {
			return nil, false, err
		}
		for _, collection := range owners {
			if p.physical(collection) != physical {
				continue // Python's, and read by Python alone
			}
			live, err := p.holds(ctx, p.reads, physical, func(w *writer) {
				w.ours(collection)
				w.unexpired(time.Now())
			})
			if err != nil {
				return nil, false, err
			}
			if live {
				page = append(page, driver.Listed{Name: collection})
			}
		}
	}
	p.rest = p.rest[n:]
	return page, len(p.rest) > 0, nil
}

// Close has nothing to release.
func (p *collectionPager) Close() error { return nil }

// holds reports whether the MongoDB collection has a document under the
// conditions that the function writes.
func (b *backend) holds(ctx context.Context, database *mongo.Database, physical string, conditions func(w *writer)) (bool, error) {
	w := newWriter()
	defer w.release()
	start := w.begin()
	conditions(w)
	w.end(start)
	filter := len(w.data)
	start = w.begin()
	w.int32(fieldID, 1)
	w.end(start)
	err := database.Collection(physical).
		FindOne(ctx, bson.Raw(w.data[:filter]), options.FindOne().SetProjection(bson.Raw(w.data[filter:]))).Err()
	if err == mongo.ErrNoDocuments {
		return false, nil
	}
	return err == nil, failure(err)
}

// collections returns the names of the MongoDB collections of the database.
func (b *backend) collections(ctx context.Context) ([]string, error) {
	all, err := b.writes.ListCollectionNames(ctx, bson.D{{Key: "type", Value: "collection"}})
	if err != nil {
		return nil, err
	}
	mine := all[:0]
	for _, physical := range all {
		if !reserved(physical) {
			mine = append(mine, physical)
		}
	}
	return mine, nil
}

// owners returns the collections whose entries may be in the MongoDB
// collection: the one that its name is the encoding of, and the one of its very
// name, which Python does not encode. Where the name does not tell, the
// documents are asked.
func (b *backend) owners(ctx context.Context, physical string) ([]string, error) {
	if b.v1 != nil || b.scheme.Hashed(physical) {
		return b.namedOwners(ctx, physical)
	}
	var owners []string
	if name, ok := b.scheme.Decode(physical); ok {
		owners = append(owners, name)
	}
	if len(owners) == 0 || owners[0] != physical {
		owners = append(owners, physical)
	}
	return owners, nil
}

func (b *backend) namedOwners(ctx context.Context, physical string) (owners []string, err error) {
	var named []string
	shape := bson.D{
		{Key: fieldCollection, Value: bson.D{{Key: "$type", Value: typeString}}},
		{Key: fieldKey, Value: bson.D{{Key: "$type", Value: typeString}}},
	}
	if err := b.writes.Collection(physical).Distinct(ctx, fieldCollection, shape).Decode(&named); err != nil {
		return nil, failure(err)
	}
	for _, name := range named {
		if core.CheckCollection(name) == nil && (b.physical(name) == physical || name == physical) {
			owners = append(owners, name)
		}
	}
	return owners, nil
}
