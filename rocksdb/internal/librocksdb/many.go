//go:build cgo && unix

package librocksdb

// #include "database.h"
//
// #cgo noescape kvrocksdb_get_many
// #cgo nocallback kvrocksdb_get_many
// #cgo noescape kvrocksdb_take_many
// #cgo nocallback kvrocksdb_take_many
// #cgo noescape kvrocksdb_write
// #cgo nocallback kvrocksdb_write
// #cgo noescape kvrocksdb_scan
// #cgo nocallback kvrocksdb_scan
import "C"

import "unsafe"

// GetMany reads so many keys as there are sizes. The keys lie behind each other
// and end at the given places. It appends the first bytes of each value, most at
// most, to dst, and stores their number: that, or Missing, or Failed.
func (d *Database) GetMany(keys []byte, ends []uint64, most uint64, dst []byte, sizes []uint64) ([]byte, error) {
	room := dst[len(dst):cap(dst)]
	got := C.kvrocksdb_get_many(d.c, chars(keys), numbers(ends), C.size_t(len(sizes)),
		C.size_t(most), chars(room), C.size_t(len(room)), numbers(sizes))
	if got.error != nil {
		return dst, taken(got.error)
	}
	size := int(got.size)
	if got.rest == nil {
		return dst[:len(dst)+size], nil
	}
	grown := make([]byte, len(dst)+size)
	copy(grown, dst)
	C.kvrocksdb_take_many(got.rest, chars(grown[len(dst):]))
	return grown, nil
}

// Write does all that the batch says, or nothing.
func (d *Database) Write(b *Batch) error {
	bytes := b.finished()
	return taken(C.kvrocksdb_write(d.c, chars(bytes), C.size_t(len(bytes))))
}

// Scan appends what it finds to dst, as [Records] reads it, and reports whether
// it has come to the end. Otherwise the last record says how far it has come.
// It uses the capacity of dst, which it extends if not even one record fits.
func (d *Database) Scan(q *Query, dst []byte) (records []byte, ended bool, err error) {
	query := C.kvrocksdb_query{
		now: C.uint64_t(q.Now), wanted: C.int(q.Wanted), collections: truth(q.Collections),
		found: C.size_t(q.Limit), visited: maxVisited,
	}
	for {
		room := dst[len(dst):cap(dst)]
		scanned := C.kvrocksdb_scan(d.c, chars(q.Lower), C.size_t(len(q.Lower)), chars(q.Upper), C.size_t(len(q.Upper)),
			&query, chars(room), C.size_t(len(room)))
		if scanned.error != nil {
			return dst, false, taken(scanned.error)
		}
		if scanned.need == 0 {
			return dst[:len(dst)+int(scanned.used)], scanned.ended != 0, nil
		}
		grown := make([]byte, len(dst), len(dst)+int(scanned.need))
		copy(grown, dst)
		dst = grown
	}
}

func numbers(n []uint64) *C.uint64_t { return (*C.uint64_t)(unsafe.Pointer(unsafe.SliceData(n))) }
