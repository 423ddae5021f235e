package rocksdb

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// Store keeps entries in a RocksDB database. See [New] and [Open]. It has every
// capability of package core, and is safe for concurrent use.
type Store struct {
	*driver.Store
	backend *backend
}

// storeName is the name of the store in errors.
const storeName = "rocksdb"

// New opens the database in a directory, which it makes if need be, and returns
// the store over it. The database is the store's: [driver.Store.Close] writes
// everything to the disk and closes it. Options may be nil.
//
// Beside core.ErrInvalidOptions the error may match [ErrNoLibrary], [ErrLocked],
// [ErrForeign], an error of package io/fs, or errors.ErrUnsupported in a program
// that was built without cgo, and on Windows.
func New(directory string, options *Options) (*Store, error) {
	var o Options
	if options != nil {
		o = *options
	}
	if directory == "" {
		return nil, refuse("new", invalidOptions("the directory has no name"))
	}
	if err := o.check(); err != nil {
		return nil, refuse("new", err)
	}
	if err := load(&o); err != nil {
		return nil, refuse("new", err)
	}
	path, err := filepath.Abs(directory)
	if err != nil {
		return nil, refuse("new", err)
	}
	b := newBackend(o.ReadOnly)
	if err := b.open(path, &o); err != nil {
		return nil, refuse("new", failure(err))
	}
	layer := driver.NewStore(b, &driver.Options{
		Name:        storeName,
		CheckName:   checkName,
		MaxValue:    MaxValue,
		Concurrency: 1,
	})
	return &Store{Store: layer, backend: b}, nil
}

// Library returns the path of the file that RocksDB was loaded from. It is empty
// until a store was opened.
func Library() string { return librocksdb.Loaded() }

// load loads the library, or says what to do.
func load(o *Options) error {
	err := librocksdb.Load(o.library())
	switch {
	case err == nil:
		return nil
	case errors.Is(err, librocksdb.ErrOtherLibrary):
		return fmt.Errorf("%w: Library: %w", core.ErrInvalidOptions, err)
	case errors.Is(err, librocksdb.ErrNoLibrary):
		return fmt.Errorf("%w: %w. Install it (Debian and Ubuntu: apt-get install librocksdb-dev; Fedora: dnf install rocksdb; "+
			"macOS: brew install rocksdb), or name its file in Options.Library or %s", ErrNoLibrary, err, LibraryVariable)
	}
	return err
}
