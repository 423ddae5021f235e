// Package librocksdb calls RocksDB: the few functions that the store needs, one
// crossing into C for each call.
//
// The library is loaded while the program runs. So a program can be built, and
// run with other stores, where it is not installed, and one binary runs with
// whichever of its versions there is. Without cgo, and on Windows, everything
// answers [errors.ErrUnsupported].
//
// A [Database] may be used concurrently. Nothing is called on it after Close.
package librocksdb

import "errors"

// These are the errors beside those of RocksDB, which come as [Error].
var (
	// ErrNoLibrary says that no library could be loaded.
	ErrNoLibrary = errors.New("librocksdb cannot be loaded")

	// ErrOtherLibrary says that the process has loaded another file already.
	ErrOtherLibrary = errors.New("another librocksdb is loaded already")
)

// Error is what RocksDB says. It begins with the kind of the error, such as
// "IO error" or "Corruption".
type Error string

func (e Error) Error() string { return string(e) }

// Settings configure [Open].
type Settings struct {
	Create    bool   // where there is no database
	ReadOnly  bool   // as it is now; others may write to it
	Sync      bool   // every write is on the disk before it returns
	FewFiles  bool   // keep few files open: for a short look
	CacheSize uint64 // of blocks of tables, in bytes

	// Compression is RocksDB's number for how tables are compressed, or
	// negative for what it does by default.
	Compression int
}

// Sizes of values that GetMany did not read.
const (
	Missing = ^uint64(0)     // there is none
	Failed  = ^uint64(0) - 1 // Get tells why
)

// Wanted says which keys a [Query] is about.
type Wanted int

// These are the kinds of keys.
const (
	All     Wanted = iota // every key
	Live                  // those with :: and an entry that has not expired
	Expired               // those with :: and an entry that has
)

// Query says what [Database.Scan] is to find.
type Query struct {
	Lower, Upper []byte // from, and up to but not including; an empty Upper is no bound
	Now          uint64 // in microseconds since 1970
	Wanted       Wanted
	Collections  bool // find one key of each collection: what is before ::
	Limit        int  // how many to find at most
}

// maxVisited is how many keys a scan looks at in one call into C, so that the
// caller can look at its context between.
const maxVisited = 100_000
