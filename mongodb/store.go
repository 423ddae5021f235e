package mongodb

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in MongoDB. See [New] and [Open]. It has every
// capability, and is safe for concurrent use.
type Store struct {
	*driver.Store
	backend *backend
}

// storeName is the name of the store in errors.
const storeName = "mongodb"

// New returns a store over a client, which stays the caller's: [Store.Close]
// does not disconnect it. Options may be nil.
//
// The error matches core.ErrInvalidOptions. New does not speak to the server.
func New(client *mongo.Client, options *Options) (*Store, error) {
	if client == nil {
		return nil, refuse("new", invalidOptions("the client is nil"))
	}
	b, err := newBackend(client, options)
	if err != nil {
		return nil, refuse("new", err)
	}
	return newStore(b, b), nil
}

// newStore returns a store over the backend as the layer is to see it.
func newStore(b *backend, seen driver.Backend) *Store {
	layer := driver.NewStore(seen, &driver.Options{
		Name:       storeName,
		CheckName:  checkName,
		CheckValue: checkValue,
		MaxValue:   MaxValue,
		TimeStep:   timeStep,
	})
	return &Store{Store: layer, backend: b}
}

// Client returns the client that the store was made with, or that [Open] made.
func (s *Store) Client() *mongo.Client { return s.backend.client }

// Collection returns the MongoDB collection in which the entries of a
// collection are, whose name may be empty as everywhere. It need not exist.
func (s *Store) Collection(collection string) *mongo.Collection {
	return s.backend.writes.Collection(s.backend.physical(core.CollectionName(collection)))
}

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}
