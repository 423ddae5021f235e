package rocksdb

import (
	"fmt"
	"os"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// Limits. What exceeds them is core.ErrInvalidKey and core.ErrTooLarge.
const (
	// MaxName is the longest key and the longest collection in bytes.
	MaxName = 1 << 20

	// MaxValue is the largest value in bytes. RocksDB holds it in memory
	// several times while it is written.
	MaxValue = 1 << 30
)

// DefaultCacheSize is the size of the cache in bytes where [Options].CacheSize
// is zero.
const DefaultCacheSize = 32 << 20

// LibraryVariable is the environment variable that names the file of the
// library where [Options].Library is empty.
const LibraryVariable = "KEYVALUE_ROCKSDB_LIBRARY"

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Sync has every write wait until it is on the disk. By default it waits
	// until the operating system has it: what was written outlives the end of
	// the program, however that comes, but the last writes may be lost when
	// the machine fails. [Store.Flush] and [driver.Store.Close] put everything
	// on the disk.
	Sync bool

	// NoCreate refuses a directory that holds no database, with an error that
	// matches [io/fs.ErrNotExist]. By default the directory is made, for its
	// owner alone, with a database in it.
	NoCreate bool

	// ReadOnly opens the database as it is now, and writes nothing at all.
	// Other stores, in other processes too, may have it open and write to it,
	// which is not seen. Writing is core.ErrReadOnly. A directory that holds
	// no database is refused as with NoCreate.
	ReadOnly bool

	// CacheSize is how many bytes of blocks of tables are kept in memory, at
	// most. Zero means [DefaultCacheSize]. The system's cache of files comes
	// beside it.
	CacheSize int

	// Compression is how tables are compressed that are written from now on.
	// Empty means what RocksDB does by default: Snappy. An algorithm that the
	// library was built without is an error of New.
	Compression Compression

	// Library names the file of the library, such as
	// /opt/rocksdb/lib/librocksdb.so.9. If it is empty, the environment
	// variable KEYVALUE_ROCKSDB_LIBRARY does, and otherwise the library that
	// is installed is looked for. A process loads one library, when the first
	// store is opened: another name is refused from then on.
	Library string
}

// Compression is an algorithm for the compression of tables.
type Compression string

// These are the algorithms.
const (
	None   Compression = "none"
	Snappy Compression = "snappy"
	LZ4    Compression = "lz4"
	Zstd   Compression = "zstd"
)

// number returns what RocksDB calls the algorithm, negative for its default.
func (c Compression) number() (int, error) {
	switch c {
	case "":
		return -1, nil
	case None:
		return 0, nil
	case Snappy:
		return 1, nil
	case LZ4:
		return 4, nil
	case Zstd:
		return 7, nil
	}
	return 0, invalidOptions("Compression is not one of none, snappy, lz4 and zstd")
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	if o.CacheSize < 0 {
		return invalidOptions("CacheSize is negative")
	}
	if strings.IndexByte(o.Library, 0) >= 0 {
		return invalidOptions("Library contains a NUL")
	}
	_, err := o.Compression.number()
	return err
}

// library returns the name of the file that is asked for, possibly empty.
func (o *Options) library() string {
	if o.Library != "" {
		return o.Library
	}
	return os.Getenv(LibraryVariable)
}

// checkName refuses names that are too long.
func checkName(collection, key string) error {
	if len(collection) > MaxName {
		return fmt.Errorf("%w: a collection of %d bytes; at most %d are allowed", core.ErrInvalidKey, len(collection), MaxName)
	}
	if len(key) > MaxName {
		return fmt.Errorf("%w: a key of %d bytes; at most %d are allowed", core.ErrInvalidKey, len(key), MaxName)
	}
	return nil
}
