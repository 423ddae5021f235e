package dynamodb

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in a table of DynamoDB. See [New] and [Open]. It has all
// capabilities, and is safe for concurrent use.
type Store struct {
	*driver.Store
	backend *backend
}

// storeName is the name of the store in errors.
const storeName = "dynamodb"

// New returns a store over a client, which stays the caller's. Options may be
// nil.
//
// The error matches core.ErrInvalidOptions. New does not speak to DynamoDB.
func New(client *dynamodb.Client, options *Options) (*Store, error) {
	b, err := newBackend(client, options)
	if err != nil {
		return nil, refuse("new", err)
	}
	return newStore(b, b), nil
}

// newStore returns a store over the backend as the layer is to see it.
func newStore(b *backend, seen driver.Backend) *Store {
	layer := driver.NewStore(seen, &driver.Options{
		Name:        storeName,
		CheckName:   checkName,
		MaxValue:    MaxValue,
		Concurrency: concurrency,
	})
	return &Store{Store: layer, backend: b}
}

// Client returns the client that the store was made with, or that [Open] made.
func (s *Store) Client() *dynamodb.Client { return s.backend.client }

// Table returns the name of the table.
func (s *Store) Table() string { return *s.backend.table }

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}
