package valkey

import (
	"fmt"
	"reflect"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in Valkey. See [New] and [Open]. It has the capabilities
// that the package comment lists, and is safe for concurrent use.
type Store struct {
	*driver.Store
	client valkey.Client
}

// storeName is the name of the store in errors.
const storeName = "valkey"

// New returns a store over a client, which stays the caller's: [Store.Close]
// does not close it. Any client of valkey-go will do, whatever its options are:
// for one server, one behind sentinels, one with replicas, or a cluster.
// Options may be nil.
//
// The error matches core.ErrInvalidOptions. New does not speak to the server.
func New(client valkey.Client, options *Options) (*Store, error) {
	if missing(client) {
		return nil, refuse("new", invalidOptions("the client is nil"))
	}
	if options == nil {
		options = new(Options)
	}
	if err := options.check(); err != nil {
		return nil, refuse("new", err)
	}
	b := newBackend(client, options)
	return newStore(b, b), nil
}

// newOwned is New for a client that is closed with the store, and options that
// were checked.
func newOwned(client valkey.Client, options *Options) *Store {
	b := newBackend(client, options)
	b.owned = true
	return newStore(b, &owningBackend{b})
}

// newStore returns a store over the backend as the layer is to see it.
func newStore(b *backend, seen driver.Backend) *Store {
	layer := driver.NewStore(seen, &driver.Options{
		Name: storeName,
		// SCAN may return a key twice.
		ListsTwice: true,
		MaxValue:   MaxValue,
	})
	return &Store{Store: layer, client: b.client}
}

// Client returns the client that the store was made with, or that [Open] made.
func (s *Store) Client() valkey.Client { return s.client }

// missing reports whether there is no client, or a nil pointer for one.
func missing(client valkey.Client) bool {
	if client == nil {
		return true
	}
	value := reflect.ValueOf(client)
	return value.Kind() == reflect.Pointer && value.IsNil()
}

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}
