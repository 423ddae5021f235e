package keyring

import (
	"fmt"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in a keyring. See [New], [OpenConfig] and [Open]. It has
// the capabilities that the package comment lists, and is safe for concurrent
// use: it speaks to the keyring with one call at a time.
type Store struct {
	*driver.Store
	backend *backend
}

// storeName is the name of the store in errors.
const storeName = "keyring"

// New returns a store over a ring of the driver, or over any other
// implementation of its interface. The ring stays the caller's, who must not
// use it, or make a second store over it, while the store is in use: rings of
// the driver are not safe for concurrent use. Options may be nil.
//
// The error matches core.ErrInvalidOptions. New does not speak to the keyring.
func New(ring keyring.Keyring, options *Options) (*Store, error) {
	s, err := newStore(ring, options)
	if err != nil {
		return nil, refuse("new", err)
	}
	return s, nil
}

func newStore(ring keyring.Keyring, options *Options) (*Store, error) {
	if options == nil {
		options = new(Options)
	}
	kind, access, err := examine(ring, options.Backend)
	if err != nil {
		return nil, err
	}
	if err := checkPrefix(options.Prefix, kind); err != nil {
		return nil, err
	}
	return storeOver(ring, kind, access, options.Prefix), nil
}

func storeOver(ring keyring.Keyring, kind *kind, access items, prefix string) *Store {
	b := &backend{ring: ring, items: access, turn: newTurn(), prefix: prefix, scheme: kind.scheme(len(prefix))}
	layer := driver.NewStore(b, &driver.Options{
		Name:        storeName,
		MaxValue:    kind.maxValue,
		CheckName:   kind.checkName(),
		Concurrency: 1, // the keyring is asked for one thing at a time
	})
	return &Store{Store: layer, backend: b}
}

// Client returns the ring that the store was made with, or that it opened. See
// [New] on who may use it.
func (s *Store) Client() keyring.Keyring { return s.backend.ring }

// ItemName returns what the keyring calls the item of an entry, such as
// `users::42`: for finding it with the programs of the desktop. The empty
// collection stands for core.DefaultCollection.
func (s *Store) ItemName(collection, key string) string {
	return s.backend.name(core.CollectionName(collection), key)
}

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}

func invalidOptions(format string, args ...any) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, fmt.Sprintf(format, args...))
}
