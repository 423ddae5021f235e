package disk

import (
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Multi keeps each collection in a directory of its own, which is opened when
// the collection is used for the first time: each has its own locks, and its
// own limit where [Options].MaxSize is set. Each directory is that of a [Store],
// which [New] opens too; other collections in it are none of Multi's. The
// directories used last stay open, 32 of them at most unless more calls are under
// way. Multi has every capability of package core, and is safe for concurrent use.
type Multi struct {
	*driver.Store
	backend *multiBackend
}

// MultiOptions configure [NewMulti]. Nil and the zero value are valid.
type MultiOptions struct {
	// Options are those of the store in each directory.
	Options

	// Directories maps collections to their directories, for those that are
	// to lie elsewhere, on another disk for example. The empty collection is
	// core.DefaultCollection. All others lie below the directory given to
	// NewMulti. None may lie within another, or within that one.
	Directories map[string]string
}

// NewMulti returns a store with a directory for each collection, below the one
// given, which the first write makes if need be. Options may be nil. The error
// matches core.ErrInvalidOptions.
func NewMulti(directory string, options *MultiOptions) (*Multi, error) {
	var o MultiOptions
	if options != nil {
		o = *options
	}
	path, err := o.checked(directory)
	if err != nil {
		return nil, refuse("new", err)
	}
	elsewhere, err := directoriesOf(path, o.Directories)
	if err != nil {
		return nil, refuse("new", err)
	}
	backend := newMultiBackend(path, elsewhere, o.Options)
	return &Multi{newLayer(backend, o.Options), backend}, nil
}
