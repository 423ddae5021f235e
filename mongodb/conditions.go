package mongodb

import (
	"strconv"
	"time"
)

// ours writes the conditions for a document to be an entry of one of the
// collections: it says so, and has the shape.
func (w *writer) ours(collections ...string) {
	among := w.document(fieldCollection)
	list := w.array("$in")
	for i, collection := range collections {
		w.text(strconv.Itoa(i), collection)
	}
	w.end(list)
	w.end(among)
	w.ofType(fieldKey, typeString)
	w.ofType(fieldValue+"."+fieldObject, typeDocument)
}

// live writes the conditions for a document to be a live entry of the
// collection. A document that does not name a collection may be one.
func (w *writer) live(collection string, now time.Time) {
	among := w.document(fieldCollection)
	list := w.array("$in")
	w.text("0", collection)
	w.null("1")
	w.end(list)
	w.end(among)
	w.ofType(fieldValue+"."+fieldObject, typeDocument)
	w.unexpired(now)
}

// unexpired writes the condition for a document not to have expired. What has
// neither expired nor a date for that is corrupt.
func (w *writer) unexpired(now time.Time) {
	w.any(
		func() { w.null(fieldExpiresAt) }, // there is none, or it is null
		func() {
			after := w.document(fieldExpiresAt)
			w.date("$gt", now)
			w.end(after)
		},
	)
}

// expired writes the condition for a document to have expired.
func (w *writer) expired(now time.Time) {
	condition := w.document(fieldExpiresAt)
	w.date("$lte", now)
	w.end(condition)
}

// ofType writes the condition for a field to be of a type.
func (w *writer) ofType(field string, kind int32) {
	condition := w.document(field)
	w.int32("$type", kind)
	w.end(condition)
}

// any writes the condition that one of others holds.
func (w *writer) any(conditions ...func()) { w.combine("$or", conditions...) }

// not writes the condition that others do not all hold.
func (w *writer) not(conditions func()) { w.combine("$nor", conditions) }

func (w *writer) combine(operator string, conditions ...func()) {
	list := w.array(operator)
	for i, condition := range conditions {
		one := w.document(strconv.Itoa(i))
		condition()
		w.end(one)
	}
	w.end(list)
}
