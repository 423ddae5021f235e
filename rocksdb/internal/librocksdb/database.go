//go:build cgo && unix

package librocksdb

// #include <stdlib.h>
// #include "database.h"
//
// #cgo noescape kvrocksdb_get
// #cgo nocallback kvrocksdb_get
// #cgo noescape kvrocksdb_put
// #cgo nocallback kvrocksdb_put
// #cgo noescape kvrocksdb_delete
// #cgo nocallback kvrocksdb_delete
// #cgo noescape kvrocksdb_take
// #cgo nocallback kvrocksdb_take
import "C"

import (
	"errors"
	"strings"
	"unsafe"
)

// Database is an open database.
type Database struct{ c *C.kvrocksdb_database }

// Open opens the database in a directory. Its compaction filter keeps
// everything until Arm is called. Load must have been called before.
func Open(path string, settings Settings) (*Database, error) {
	if strings.IndexByte(path, 0) >= 0 {
		return nil, errors.New("the path contains a NUL")
	}
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	opened := C.kvrocksdb_open(text, &C.kvrocksdb_settings{
		create:      truth(settings.Create),
		read_only:   truth(settings.ReadOnly),
		sync:        truth(settings.Sync),
		few_files:   truth(settings.FewFiles),
		compression: C.int(settings.Compression),
		cache_size:  C.uint64_t(settings.CacheSize),
	})
	if opened.error != nil {
		return nil, taken(opened.error)
	}
	return &Database{opened.database}, nil
}

// Families returns how many column families the database in a directory has.
func Families(path string) (int, error) {
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	var count C.size_t
	err := taken(C.kvrocksdb_families(text, &count))
	return int(count), err
}

// Arm lets compaction remove what expired more than an hour ago.
func (d *Database) Arm() { C.kvrocksdb_arm(d.c) }

// Close closes the database. Everything that was written stays in its log.
func (d *Database) Close() { C.kvrocksdb_close(d.c) }

// Get appends the value under the key to dst and reports whether there is one.
func (d *Database) Get(key, dst []byte) (value []byte, found bool, err error) {
	room := dst[len(dst):cap(dst)]
	got := C.kvrocksdb_get(d.c, chars(key), C.size_t(len(key)), chars(room), C.size_t(len(room)))
	if got.error != nil {
		return dst, false, taken(got.error)
	}
	if got.found == 0 {
		return dst, false, nil
	}
	size := int(got.size)
	if got.rest == nil {
		return dst[:len(dst)+size], true, nil
	}
	grown := make([]byte, len(dst)+size)
	copy(grown, dst)
	C.kvrocksdb_take(got.rest, chars(grown[len(dst):]))
	return grown, true, nil
}

// Put writes a value under a key.
func (d *Database) Put(key, value []byte) error {
	return taken(C.kvrocksdb_put(d.c, chars(key), C.size_t(len(key)), chars(value), C.size_t(len(value))))
}

// Delete removes what lies under a key, if anything.
func (d *Database) Delete(key []byte) error {
	return taken(C.kvrocksdb_delete(d.c, chars(key), C.size_t(len(key))))
}

// Property returns what RocksDB tells under a name such as "rocksdb.stats".
func (d *Database) Property(name string) (string, bool) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	value := C.kvrocksdb_property(d.c, text)
	if value == nil {
		return "", false
	}
	defer C.kvrocksdb_free(unsafe.Pointer(value))
	return C.GoString(value), true
}

// Flush writes what is in memory to tables on the disk.
func (d *Database) Flush() error { return taken(C.kvrocksdb_flush(d.c)) }

// Compact rewrites all tables without what was removed or has expired.
func (d *Database) Compact() { C.kvrocksdb_compact(d.c) }

// Checkpoint makes a copy of the database in a directory that is not there yet.
func (d *Database) Checkpoint(path string) error {
	if strings.IndexByte(path, 0) >= 0 {
		return errors.New("the path contains a NUL")
	}
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	return taken(C.kvrocksdb_checkpoint(d.c, text))
}

// chars returns the bytes as C has them. C reads and writes none of them if
// there are none.
func chars(b []byte) *C.char { return (*C.char)(unsafe.Pointer(unsafe.SliceData(b))) }

// taken returns the error that C has returned, whose memory it frees.
func taken(problem *C.char) error {
	if problem == nil {
		return nil
	}
	defer C.kvrocksdb_free(unsafe.Pointer(problem))
	return Error(C.GoString(problem))
}

func truth(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
