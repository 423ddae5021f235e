package mongodb

import (
	"bytes"
	"context"
	"crypto/rand"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Insert makes a document if none has the key. If one does, it is read: one
// that has expired is replaced, if it is still the same.
//
// The record has an identifier, by which it is recognised where the driver has
// repeated a request, or where a reply was lost: told that there is a document
// already, Insert looks whether that is its own.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	own := *record
	own.InsertID = rand.Text()
	for range attempts {
		inserted, err := b.create(ctx, &own)
		if inserted {
			return true, nil
		}
		if err != nil && !mongo.IsDuplicateKeyError(err) {
			return b.despite(ctx, &own, failure(err))
		}
		old, err := b.inTheWay(ctx, &own)
		switch {
		case err == core.ErrNotFound:
			continue
		case err != nil:
			return false, err
		case old.insertID == own.InsertID:
			return true, nil
		case !old.expired(own.CreatedAt):
			return false, old.err
		}
		replaced, err := b.replace(ctx, old, &own)
		if err != nil {
			return b.despite(ctx, &own, failure(err))
		}
		if replaced {
			return true, nil
		}
	}
	return false, nil
}

// create makes the document, unless there is one of the key.
func (b *backend) create(ctx context.Context, record *driver.Record) (bool, error) {
	w := newWriter()
	defer w.release()
	w.byKey(record.Key)
	filter := len(w.data)
	if err := w.insert(record); err != nil {
		return false, err
	}
	result, err := b.writes.Collection(b.physical(record.Collection)).
		UpdateOne(ctx, bson.Raw(w.data[:filter]), bson.Raw(w.data[filter:]), options.UpdateOne().SetUpsert(true))
	switch {
	case err != nil:
		return false, err
	case !result.Acknowledged:
		return false, errUnacknowledged
	}
	return result.UpsertedCount == 1, nil
}

// obstacle is the document that an Insert has met.
type obstacle struct {
	id        element
	createdAt time.Time
	expiresAt time.Time
	insertID  string
	foreign   bool // of another collection or key
	err       error
}

// expired reports whether an Insert may take its place.
func (o *obstacle) expired(now time.Time) bool {
	return o.foreign || o.err == nil && core.Entry{ExpiresAt: o.expiresAt}.ExpiredAt(now)
}

// inTheWay reads the document that has the key, or else the one that has its
// `_id`, which is a foreign one.
func (b *backend) inTheWay(ctx context.Context, record *driver.Record) (*obstacle, error) {
	id := idOf(record.Key)
	w := newWriter()
	defer w.release()
	start := w.begin()
	w.any(func() { w.text(fieldKey, record.Key) }, func() { w.binary(fieldID, id[:]) })
	w.end(start)
	cursor, err := b.writes.Collection(b.physical(record.Collection)).
		Find(ctx, bson.Raw(w.data), options.Find().SetLimit(-maxDuplicates))
	if err != nil {
		return nil, failure(err)
	}
	defer cursor.Close(ctx)
	var found *obstacle
	var newest document
	for cursor.Next(ctx) {
		d := parse(cursor.Current)
		belongs := d.belongs(record.Collection, record.Key)
		if d.err == nil && belongs { // the value too
			_, d.err = d.entry(nil)
		}
		better := found == nil || found.foreign && belongs || found.foreign == !belongs && d.newer(&newest)
		if better {
			d.id.data = bytes.Clone(d.id.data)
			newest = document{createdAt: d.createdAt, err: d.err}
			found = &obstacle{
				id: d.id, createdAt: d.createdAt, expiresAt: d.expiresAt,
				insertID: string(d.insertID), foreign: !belongs, err: d.err,
			}
		}
	}
	if err := cursor.Err(); err != nil {
		return nil, failure(err)
	}
	if found == nil {
		return nil, core.ErrNotFound
	}
	return found, nil
}

// replace overwrites the document that was met, if it has not been changed: it
// is still the foreign one, or has still expired.
func (b *backend) replace(ctx context.Context, old *obstacle, record *driver.Record) (bool, error) {
	w := newWriter()
	defer w.release()
	start := w.begin()
	w.name(old.id.kind, fieldID)
	w.data = append(w.data, old.id.data...)
	if old.foreign {
		w.not(func() {
			w.text(fieldKey, record.Key)
			w.text(fieldCollection, record.Collection)
		})
	} else {
		w.expired(record.CreatedAt)
	}
	w.end(start)
	filter := len(w.data)
	if err := w.put(record); err != nil {
		return false, err
	}
	result, err := b.writes.Collection(b.physical(record.Collection)).
		UpdateOne(ctx, bson.Raw(w.data[:filter]), bson.Raw(w.data[filter:]))
	switch {
	case err != nil:
		return false, err
	case !result.Acknowledged:
		return false, errUnacknowledged
	}
	return result.MatchedCount == 1, nil
}

// despite is the answer of an Insert that failed: true if its record is there
// nevertheless, because only the reply was lost, and otherwise the error.
func (b *backend) despite(ctx context.Context, record *driver.Record, err error) (bool, error) {
	if !mongo.IsNetworkError(err) || ctx.Err() != nil {
		return false, err
	}
	if old, lookErr := b.inTheWay(ctx, record); lookErr == nil && old.insertID == record.InsertID {
		return true, nil
	}
	return false, err
}
