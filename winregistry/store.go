package winregistry

import (
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in the Windows Registry. See [New] and [Open]. It has
// every capability, and is safe for concurrent use.
type Store struct {
	*driver.Store
	options Options
}

// storeName is the name of the store in errors.
const storeName = "winregistry"

// New returns a store in the registry key that the options name. They may be
// nil. New does not touch the registry: the first write makes the key, and
// [driver.Store.Setup] does so at once. Close gives back what the store keeps
// open.
//
// The error matches core.ErrInvalidOptions, and errors.ErrUnsupported on
// systems other than Windows.
func New(options *Options) (*Store, error) {
	return newStore("new", options)
}

func newStore(op string, options *Options) (*Store, error) {
	o := options.withDefaults()
	if err := o.check(); err != nil {
		return nil, refuse(op, err)
	}
	backend, err := newBackend(o)
	if err != nil {
		return nil, refuse(op, err)
	}
	layer := driver.NewStore(backend, &driver.Options{
		Name:      storeName,
		CheckName: checkName,
		MaxValue:  MaxValue,
		// The registry answers from memory, and one at a time.
		Concurrency: 1,
	})
	return &Store{Store: layer, options: o}, nil
}

// Locate returns where in the registry the entry lies: the full path of the
// key, such as HKEY_CURRENT_USER\Software\py-key-value\users, and the name of
// the value in it. It does not look whether it is there. An empty collection
// stands for the default one.
func (s *Store) Locate(collection, key string) (path, value string) {
	path = s.options.Hive.String() + `\` + s.options.Path + `\` + keyName(core.CollectionName(collection))
	return path, valueName(key)
}

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}
