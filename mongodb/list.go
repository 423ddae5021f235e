package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Keys lists the keys of the collection in their order, without the values.
func (b *backend) Keys(_ context.Context, collection string) (driver.Pager, error) {
	return &keyPager{backend: b, collection: collection}, nil
}

// keyPager reads the names behind the last one it has read. It keeps nothing on
// the server between two pages.
type keyPager struct {
	*backend
	collection, after string
}

// maxPageBytes is how many bytes of names a page has at most, or one name.
const maxPageBytes = 4 << 20

// Next returns the next names. Of the documents of one key, of which there is
// one unless Python programs have written at the same time, the newest counts;
// the last key of a page may have more behind it and is left to the next page.
func (p *keyPager) Next(ctx context.Context) ([]driver.Listed, bool, error) {
	cursor, err := p.find(ctx)
	if err != nil {
		return nil, false, failure(err)
	}
	defer cursor.Close(ctx)
	names := nameGroup{collection: p.collection, key: p.after}
	read, full := 0, false
	for !full && cursor.Next(ctx) {
		d := parseListed(cursor.Current)
		names.add(&d)
		read++
		full = read > driver.PageSize || names.size > maxPageBytes
	}
	if err := cursor.Err(); err != nil {
		return nil, false, failure(err)
	}
	if full {
		names.dropLast()
	}
	p.after = names.key
	return names.page, full, nil
}

// nameGroup takes the documents of a page in the order of their keys.
type nameGroup struct {
	collection string
	page       []driver.Listed
	size       int      // bytes of keys
	keys       int      // that are different
	key        string   // the last one
	before     string   // the one before it
	listed     bool     // whether the last one is on the page
	newest     document // of the last one
}

func (g *nameGroup) add(d *document) {
	if key := string(d.key); g.keys == 0 || key != g.key {
		g.before, g.key, g.listed = g.key, key, false
		g.keys++
		g.size += len(key)
	}
	if !d.belongs(g.collection, g.key) || g.listed && !d.newer(&g.newest) {
		return
	}
	if g.listed {
		g.page = g.page[:len(g.page)-1]
	}
	g.page = append(g.page, driver.Listed{Name: g.key, ExpiresAt: d.expiresAt, Err: d.err})
	g.listed, g.newest = true, document{createdAt: d.createdAt, err: d.err}
}

// dropLast leaves the last key to the next page, unless it is the only one.
func (g *nameGroup) dropLast() {
	if g.keys < 2 {
		return
	}
	if g.listed {
		g.page = g.page[:len(g.page)-1]
	}
	g.key = g.before
}

// Close has nothing to release.
func (p *keyPager) Close() error { return nil }

// find asks for the names behind the last one.
func (p *keyPager) find(ctx context.Context) (*mongo.Cursor, error) {
	w := newWriter()
	defer w.release()
	start := w.begin()
	if p.after == "" {
		w.ofType(fieldKey, typeString)
	} else {
		behind := w.document(fieldKey)
		w.text("$gt", p.after)
		w.end(behind)
	}
	w.end(start)
	filter := len(w.data)
	start = w.begin()
	w.int32(fieldKey, 1)
	w.end(start)
	sort := len(w.data)
	start = w.begin()
	w.int32(fieldID, 0)
	for _, field := range []string{fieldKey, fieldCollection, fieldCreatedAt, fieldExpiresAt} {
		w.int32(field, 1)
	}
	shape := w.document(fieldValue)
	w.text("$type", "$"+fieldValue+"."+fieldObject)
	w.end(shape)
	w.end(start)
	return p.reads.Collection(p.physical(p.collection)).Find(ctx, bson.Raw(w.data[:filter]), options.Find().
		SetSort(bson.Raw(w.data[filter:sort])).SetProjection(bson.Raw(w.data[sort:])).
		SetLimit(driver.PageSize+1).SetBatchSize(driver.PageSize+2))
}

// parseListed is parse for a document whose value is the name of its type.
func parseListed(data []byte) document {
	d := document{}
	f, err := fieldsOf(data)
	for err == nil {
		var e element
		var more bool
		if e, more, err = f.next(); !more {
			break
		}
		if string(e.name) == fieldValue {
			if string(e.textOrNil()) == "object" {
				d.object = e.data
			}
			continue
		}
		d.take(e)
	}
	if d.err == nil {
		d.err = err
	}
	if d.err == nil && d.object == nil {
		d.err = corrupt("there is no object in its value")
	}
	return d
}
