package disk

import (
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in a directory. See [New], [Open] and [NewMulti]. It has
// every capability of package core, and is safe for concurrent use.
type Store struct {
	*driver.Store
	directory string
	options   Options
}

// storeName is the name of the store in errors.
const storeName = "disk"

// New returns a store over a directory, which the first write makes if need be.
// Options may be nil. The error matches core.ErrInvalidOptions; New does not
// look at the directory.
//
// Any number of stores may be open on a directory, in this process and others.
// Those that share one should have the same options.
func New(directory string, options *Options) (*Store, error) {
	var o Options
	if options != nil {
		o = *options
	}
	path, err := o.checked(directory)
	if err != nil {
		return nil, refuse("new", err)
	}
	return &Store{newLayer(newBackend(path, o), o), path, o}, nil
}

// Directory returns the absolute path of the directory.
func (s *Store) Directory() string { return s.directory }

// newLayer returns the layer over a backend.
func newLayer(backend driver.Backend, o Options) *driver.Store {
	concurrency := 1 // one file after another is quickest
	if o.Sync {
		concurrency = syncConcurrency
	}
	return driver.NewStore(backend, &driver.Options{
		Name:        storeName,
		MaxValue:    MaxValue,
		Concurrency: concurrency,
	})
}

// syncConcurrency is how many writes of a bulk call wait for the disk at once:
// the disk writes several in the time of one.
const syncConcurrency = 16

// refuse wraps an error of what comes before a store.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}
