package mongodb

import (
	"context"
	"errors"
	"maps"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// A request names at most so many keys, and so many bytes of them, since it is
// one document.
const (
	maxKeys     = 1000
	maxKeyBytes = 1 << 20
)

// chunks calls the function for parts of the keys that fit into a request. What
// fails is the error of each key of that part; if all parts fail, of the call.
func chunks(keys []string, call func(part []string) (driver.KeyErrors, error)) error {
	failed, done := make(driver.KeyErrors), false
	var whole error
	for rest := keys; len(rest) > 0; {
		n, size := 0, 0
		for n < len(rest) && n < maxKeys && (n == 0 || size+len(rest[n]) <= maxKeyBytes) {
			size += len(rest[n])
			n++
		}
		some, err := call(rest[:n])
		maps.Copy(failed, some)
		if done = done || err == nil; err != nil {
			whole = failure(err)
			for _, key := range rest[:n] {
				failed[key] = whole
			}
		}
		rest = rest[n:]
	}
	switch {
	case !done:
		return whole
	case len(failed) > 0:
		return failed
	}
	return nil
}

// byKeys writes the filter for documents of the keys.
func (w *writer) byKeys(keys []string) {
	start := w.begin()
	w.amongKeys(keys)
	w.end(start)
}

func (w *writer) amongKeys(keys []string) {
	condition := w.document(fieldKey)
	list := w.array("$in")
	for i, key := range keys {
		w.text(strconv.Itoa(i), key)
	}
	w.end(list)
	w.end(condition)
}

// GetMany reads entries with one request for many.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	g := getter{collection: collection, keys: keys, entries: make([]core.Entry, len(keys)), place: make(map[string]int, len(keys))}
	for i, key := range keys {
		g.place[key] = i
	}
	err := chunks(keys, func(part []string) (driver.KeyErrors, error) { return g.read(ctx, b, part) })
	if _, partly := err.(driver.KeyErrors); err != nil && !partly {
		return nil, err
	}
	return g.entries, err
}

// getter reads the entries of some keys.
type getter struct {
	collection string
	keys       []string
	entries    []core.Entry
	place      map[string]int // of each key
}

func (g *getter) read(ctx context.Context, b *backend, part []string) (driver.KeyErrors, error) {
	w := newWriter()
	defer w.release()
	w.byKeys(part)
	cursor, err := b.reads.Collection(b.physical(g.collection)).
		Find(ctx, bson.Raw(w.data), options.Find().SetBatchSize(maxKeys+1))
	if err != nil {
		return nil, err
	}
	defer cursor.Close(ctx)
	failed := make(driver.KeyErrors)
	for cursor.Next(ctx) {
		d := parse(cursor.Current)
		if i, asked := g.place[string(d.key)]; asked && d.belongs(g.collection, g.keys[i]) {
			g.take(i, &d, failed)
		}
	}
	return failed, cursor.Err()
}

// take takes a document for the entry at that place, unless another document
// has more right to be it.
func (g *getter) take(i int, d *document, failed driver.KeyErrors) {
	key := g.keys[i]
	before := document{createdAt: g.entries[i].CreatedAt, err: failed[key]}
	if (g.entries[i].Found() || before.err != nil) && !d.newer(&before) {
		return
	}
	entry, err := d.entry(nil)
	switch {
	case err == nil:
		g.entries[i] = entry
		delete(failed, key)
	case !g.entries[i].Found():
		failed[key] = err
	}
}

// PutMany writes records in one request for as many as the server takes in one.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	w := newWriter()
	defer w.release()
	ends := make([]int, 0, 2*len(records))
	for i := range records {
		w.byKey(records[i].Key)
		ends = append(ends, len(w.data))
		if err := w.put(&records[i]); err != nil {
			return err
		}
		ends = append(ends, len(w.data))
	}
	models, start := make([]mongo.WriteModel, len(records)), 0
	for i := range records {
		filter, update := ends[2*i], ends[2*i+1]
		models[i] = mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.Raw(w.data[start:filter])).SetUpdate(bson.Raw(w.data[filter:update]))
		start = update
	}
	result, err := b.writes.Collection(b.physical(records[0].Collection)).
		BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	if err == nil && !result.Acknowledged {
		return errUnacknowledged
	}
	return b.putFailed(ctx, records, err)
}

// putFailed returns which of the records were not written, and writes those
// again that met another writer.
func (b *backend) putFailed(ctx context.Context, records []driver.Record, err error) error {
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || len(bulk.WriteErrors) == 0 {
		return failure(err)
	}
	failed := make(driver.KeyErrors)
	for _, e := range bulk.WriteErrors {
		if e.Index < 0 || e.Index >= len(records) {
			return failure(err)
		}
		record := &records[e.Index]
		err := error(e.WriteError) // without the request, whose memory is used again
		if e.HasErrorCode(11000) {
			err = b.overwrite(ctx, record)
		}
		if err = failure(err); err != nil {
			failed[record.Key] = err
		}
	}
	if bulk.WriteConcernError != nil {
		for i := range records {
			if failed[records[i].Key] == nil {
				failed[records[i].Key] = unsafeWrite(bulk.WriteConcernError)
			}
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return failed
}
