package elasticsearch

import (
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Client sends requests to a cluster. The clients of go-elasticsearch are
// Clients: *elasticsearch.Client, TypedClient and BaseClient, of version 8 and
// of others.
type Client interface {
	Perform(request *http.Request) (*http.Response, error)
}

// Store keeps entries in Elasticsearch. See [New] and [Open]. It has all
// capabilities, and is safe for concurrent use.
type Store struct {
	*driver.Store
	backend *backend
}

// storeName is the name of the store in errors.
const storeName = "elasticsearch"

// New returns a store over a client, which stays the caller's: [Store.Close]
// does not close it. Options may be nil.
//
// The error matches core.ErrInvalidOptions. New does not speak to the server.
func New(client Client, options *Options) (*Store, error) {
	if missing(client) {
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
		Name:      storeName,
		MaxValue:  MaxValue,
		CheckName: b.layout.check,
		// That of a field of type date, by which expired entries are found.
		TimeStep: time.Millisecond,
	})
	return &Store{Store: layer, backend: b}
}

// Client returns the client that the store was made with, or that [Open] made.
func (s *Store) Client() Client { return s.backend.client }

// missing reports whether there is no client, or a nil pointer for one.
func missing(client Client) bool {
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
