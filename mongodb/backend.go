package mongodb

import (
	"bytes"
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// backend keeps each record as one document, and the records of a collection
// in a MongoDB collection.
type backend struct {
	client   *mongo.Client
	reads    *mongo.Database // for what may be read on other servers than the primary
	writes   *mongo.Database // also for reads on which a write depends
	scheme   *names.Scheme
	v1       names.Strategy // nil: the scheme alone
	noCreate bool
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.Appender            = (*backend)(nil)
	_ driver.BatchGetter         = (*backend)(nil)
	_ driver.BatchPutter         = (*backend)(nil)
	_ driver.BatchDeleter        = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.CollectionSetupper  = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(client *mongo.Client, given *Options) (*backend, error) {
	o := given.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	reads, writes := options.Database(), options.Database().SetReadPreference(readpref.Primary())
	if o.ReadPreference != nil {
		reads.SetReadPreference(o.ReadPreference)
	}
	if o.WriteConcern != nil {
		writes.SetWriteConcern(o.WriteConcern)
	}
	b := &backend{
		client: client, noCreate: o.NoCreate, scheme: newScheme(o.Database),
		reads: client.Database(o.Database, reads), writes: client.Database(o.Database, writes),
	}
	if o.V1Collections {
		b.v1 = names.MongoDBV1Collection()
	}
	return b, nil
}

// Get reads one entry.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return b.GetAppend(ctx, collection, key, nil)
}

// GetAppend reads one entry and appends its value to dst.
func (b *backend) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	var entry core.Entry
	err := b.read(ctx, b.reads, collection, key, func(d *document) (err error) {
		entry, err = d.entry(dst)
		return err
	})
	return entry, err
}

// maxDuplicates is how many documents of one key are looked at. There is one,
// unless Python programs have written it at the same time.
const maxDuplicates = 100

// read calls the function with the document of the key, whose parts last as
// long as that call.
func (b *backend) read(ctx context.Context, database *mongo.Database, collection, key string, use func(d *document) error) error {
	w := newWriter()
	defer w.release()
	w.byKey(key)
	// A negative limit: the server sends all in one reply and keeps no cursor.
	cursor, err := database.Collection(b.physical(collection)).
		Find(ctx, bson.Raw(w.data), options.Find().SetLimit(-maxDuplicates))
	if err != nil {
		return failure(err)
	}
	defer cursor.Close(ctx)
	var found document
	exists := false
	for cursor.Next(ctx) {
		data := cursor.Current
		if cursor.RemainingBatchLength() > 0 {
			data = bytes.Clone(data) // the next one may take its place
		}
		d := parse(data)
		if d.belongs(collection, key) && (!exists || d.newer(&found)) {
			found, exists = d, true
		}
	}
	if err := cursor.Err(); err != nil {
		return failure(err)
	}
	if !exists {
		return core.ErrNotFound
	}
	return use(&found)
}

// Put writes one record.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	w := newWriter()
	defer w.release()
	w.byKey(record.Key)
	filter := len(w.data)
	if err := w.put(record); err != nil {
		return err
	}
	err := b.update(ctx, record.Collection, w.data[:filter], w.data[filter:])
	if mongo.IsDuplicateKeyError(err) {
		err = b.overwrite(ctx, record)
	}
	return failure(err)
}

// update sends an update of one document, which makes it if need be.
func (b *backend) update(ctx context.Context, collection string, filter, update []byte) error {
	result, err := b.writes.Collection(b.physical(collection)).
		UpdateOne(ctx, bson.Raw(filter), bson.Raw(update), options.UpdateOne().SetUpsert(true))
	if err == nil && !result.Acknowledged {
		err = errUnacknowledged
	}
	return err
}

// attempts is how often a write is tried again that has met another one. Each
// time another has succeeded.
const attempts = 8

// overwrite is Put after another writer has made the document at the same time,
// or a foreign one has its `_id`: the document with that `_id` is overwritten.
func (b *backend) overwrite(ctx context.Context, record *driver.Record) (err error) {
	id := idOf(record.Key)
	w := newWriter()
	defer w.release()
	w.byID(id[:])
	filter := len(w.data)
	if err := w.put(record); err != nil {
		return err
	}
	for range attempts {
		err = b.update(ctx, record.Collection, w.data[:filter], w.data[filter:])
		if !mongo.IsDuplicateKeyError(err) {
			return err
		}
	}
	return err
}

// Ping asks the primary.
func (b *backend) Ping(ctx context.Context) error {
	return failure(b.client.Ping(ctx, readpref.Primary()))
}

// owningBackend is a backend that disconnects its client.
type owningBackend struct{ *backend }

// closePatience is how long Close waits for connections that something else
// than the store uses: it was given the client by Store.Client.
const closePatience = 5 * time.Second

// Close disconnects the client. That somebody did so before is no error.
func (b *owningBackend) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	if err := b.client.Disconnect(ctx); !errors.Is(err, mongo.ErrClientDisconnected) {
		return err
	}
	return nil
}
