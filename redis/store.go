package redis

import (
	"fmt"
	"reflect"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in Redis. See [New] and [Open]. It has the capabilities
// that the package comment lists, and is safe for concurrent use.
type Store struct {
	*driver.Store
	backend *backend
}

// storeName is the name of the store in errors.
const storeName = "redis"

// New returns a store over a client, which stays the caller's: [Store.Close]
// does not close it. Any client of go-redis will do, whatever its options are:
// for one server, one behind sentinels, a cluster, a ring of servers, or what
// AutoPipeline returns. Options may be nil.
//
// The error matches core.ErrInvalidOptions. New does not speak to the server.
func New(client redis.UniversalClient, options *Options) (*Store, error) {
	if missing(client) {
		return nil, refuse("new", invalidOptions("the client is nil"))
	}
	b := newBackend(client, options)
	return newStore(b, b), nil
}

// newOwned is New for a client that is closed with the store.
func newOwned(client redis.UniversalClient, options *Options) *Store {
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
	return &Store{Store: layer, backend: b}
}

// Client returns the client that the store was made with, or that [Open] made.
// From then on a store that was opened copies what it reads, as one over a
// borrowed client does: a hook may be added to the client.
func (s *Store) Client() redis.UniversalClient {
	s.backend.shown.Store(true)
	return s.backend.client
}

// missing reports whether there is no client, or a nil pointer for one.
func missing(client redis.UniversalClient) bool {
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
