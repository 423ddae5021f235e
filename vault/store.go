package vault

import (
	"github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in Vault or OpenBao. See [New] and [Open]. It has every
// capability of package core, and is safe for concurrent use.
type Store struct {
	*driver.Store
	client *vault.Client
}

// storeName is the name of the store in errors.
const storeName = "vault"

// New returns a store over a client, which stays the caller's, as does the
// renewal of its token: each call sends the token that the client has then.
// Options may be nil. The error matches core.ErrInvalidOptions. New does not
// speak to the server.
//
// The client repeats what fails, as its RetryConfiguration says: by default
// twice, after seconds. A call without a deadline ends with its RequestTimeout.
func New(client *vault.Client, options *Options) (*Store, error) {
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
		MaxValue:    b.options.MaxValue,
		Concurrency: b.options.Concurrency,
	})
	return &Store{layer, b.client}
}

// Client returns the client that the store was made with, or that [Open] made.
func (s *Store) Client() *vault.Client { return s.client }

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}
