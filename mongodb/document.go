package mongodb

import (
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// The fields of a document, as the Python library names them. insert_id is
// ours, and no reader looks at it but the Insert that wrote it.
const (
	fieldID         = "_id"
	fieldKey        = "key"
	fieldVersion    = "version"
	fieldCollection = "collection"
	fieldCreatedAt  = "created_at"
	fieldExpiresAt  = "expires_at"
	fieldInsertID   = "insert_id"
	fieldValue      = "value"
	fieldObject     = "object" // of the value
)

// byKey writes the filter for documents of the key.
func (w *writer) byKey(key string) {
	start := w.begin()
	w.text(fieldKey, key)
	w.end(start)
}

// byID writes the filter for the document with that `_id`.
func (w *writer) byID(id []byte) {
	start := w.begin()
	w.binary(fieldID, id)
	w.end(start)
}

// record writes the fields of a record, in the order in which Python has them.
func (w *writer) record(r *driver.Record) error {
	w.text(fieldKey, r.Key)
	w.int32(fieldVersion, 1)
	w.text(fieldCollection, r.Collection)
	w.date(fieldCreatedAt, r.CreatedAt)
	if !r.ExpiresAt.IsZero() {
		w.date(fieldExpiresAt, r.ExpiresAt)
	}
	if r.InsertID != "" {
		w.text(fieldInsertID, r.InsertID)
	}
	start := w.document(fieldValue)
	w.name(typeDocument, fieldObject)
	if err := w.value(r.Value); err != nil {
		return err
	}
	w.end(start)
	return nil
}

// put writes the update that makes a document that of the record, whatever it
// was, and that leaves its `_id` alone. A new one has the `_id` of the key. The
// insert_id of an earlier Insert stays: that Insert did insert.
func (w *writer) put(r *driver.Record) error {
	start := w.begin()
	set := w.document("$set")
	if err := w.record(r); err != nil {
		return err
	}
	w.end(set)
	if r.ExpiresAt.IsZero() {
		unset := w.document("$unset")
		w.text(fieldExpiresAt, "")
		w.end(unset)
	}
	w.onInsert(func() { id := idOf(r.Key); w.binary(fieldID, id[:]) })
	w.end(start)
	return nil
}

// insert writes the update that makes a document of the record where there is
// none, and changes none that there is.
func (w *writer) insert(r *driver.Record) (err error) {
	start := w.begin()
	w.onInsert(func() {
		id := idOf(r.Key)
		w.binary(fieldID, id[:])
		err = w.record(r)
	})
	w.end(start)
	return err
}

func (w *writer) onInsert(fields func()) {
	start := w.document("$setOnInsert")
	fields()
	w.end(start)
}

// document is what a document of MongoDB says about an entry. Its parts alias
// the document.
type document struct {
	key, collection []byte // nil: absent, or no text
	insertID        []byte
	createdAt       time.Time
	expiresAt       time.Time
	object          []byte // nil: there is no value
	id              element
	err             error // set where it cannot be decoded, but the names may be right
}

// parse takes a document apart. Of several fields of one name the last counts.
func parse(data []byte) (d document) {
	f, err := fieldsOf(data)
	if err != nil {
		return document{err: err}
	}
	for {
		e, more, err := f.next()
		if err != nil {
			d.err = err
			return d
		}
		if !more {
			break
		}
		d.take(e)
	}
	if d.err == nil && d.object == nil {
		d.err = corrupt("there is no object in its value")
	}
	return d
}

func (d *document) take(e element) {
	switch string(e.name) {
	case fieldID:
		d.id = e
	case fieldKey:
		d.key = e.textOrNil()
	case fieldCollection:
		d.collection = e.textOrNil()
	case fieldInsertID:
		d.insertID = e.textOrNil()
	case fieldCreatedAt:
		d.createdAt = d.date(e)
	case fieldExpiresAt:
		d.expiresAt = d.date(e)
	case fieldValue:
		d.object = e.objectOrNil()
	}
}

// textOrNil returns the text of a string, and nil for anything else.
func (e element) textOrNil() []byte {
	if e.kind != typeString {
		return nil
	}
	text, err := e.text()
	if err != nil {
		return nil
	}
	return text
}

// date returns the time of a date. What is null is absent.
func (d *document) date(e element) time.Time {
	switch e.kind {
	case typeNull:
	case typeDate:
		if t := e.time(); !t.IsZero() {
			return t
		}
		return time.Time{}.Add(timeStep) // the zero time would mean none
	default:
		d.err = corrupt("a time is not a date")
	}
	return time.Time{}
}

// objectOrNil returns the object within the value of a document.
func (e element) objectOrNil() (object []byte) {
	if e.kind != typeDocument {
		return nil
	}
	f, err := fieldsOf(e.data)
	if err != nil {
		return nil
	}
	for {
		inner, more, err := f.next()
		if err != nil {
			return nil
		}
		if !more {
			return object
		}
		if string(inner.name) == fieldObject {
			object = nil
			if inner.kind == typeDocument {
				object = inner.data
			}
		}
	}
}

// belongs reports whether the document is of that collection and key.
func (d *document) belongs(collection, key string) bool {
	return string(d.key) == key && (d.collection == nil || string(d.collection) == collection)
}

// newer reports whether the document is to be taken rather than another of the
// same key: one that can be decoded, and then the one written last.
func (d *document) newer(other *document) bool {
	if (d.err == nil) != (other.err == nil) {
		return d.err == nil
	}
	return d.createdAt.After(other.createdAt)
}

// entry appends the value to dst and returns it with the times.
func (d *document) entry(dst []byte) (core.Entry, error) {
	if d.err != nil {
		return core.Entry{}, d.err
	}
	if dst == nil {
		dst = make([]byte, 0, len(d.object)+len(d.object)/8)
	}
	value, err := appendObject(dst, d.object, core.MaxDepth)
	if err != nil {
		return core.Entry{}, err
	}
	return core.Entry{Value: value, CreatedAt: d.createdAt, ExpiresAt: d.expiresAt}, nil
}
