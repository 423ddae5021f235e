package memcached

import (
	"io"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Store keeps entries in Memcached. See [New] and [Open]. It has the
// capabilities that the package comment lists, and is safe for concurrent use.
type Store struct {
	*driver.Store
	client *memcache.Client
}

// storeName is the name of the store in errors.
const storeName = "memcached"

// New returns a store over a client, which stays the caller's: [Store.Close]
// does not close it, and closes only the connections that the store has made
// beside the client's for bulk writes. Options may be nil; a client of several
// servers should come with [Options].Selector.
//
// How long a call may take without a context that can end is up to the
// client's Timeout. Its MaxIdleConns, which is 2 if it is not set, should be
// as large as the number of calls at once.
//
// The error is a [core.Error] that matches core.ErrInvalidOptions. New does
// not speak to the servers.
func New(client *memcache.Client, options *Options) (*Store, error) {
	b, err := newBackend(client, options)
	if err != nil {
		return nil, refuse("new", err)
	}
	return newStore(b, &borrowing{b}), nil
}

func newBackend(client *memcache.Client, options *Options) (*backend, error) {
	if client == nil {
		return nil, invalidOptions("the client is nil")
	}
	o := options.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &backend{
		client:   client,
		selector: o.Selector,
		naming:   newNaming(o.V1Keys),
		limits:   newLimits(o.MaxItemSize),
	}
	b.calls.concurrency = o.Concurrency
	b.bulk.init(client)
	return b, nil
}

// newStore returns a store over the backend as the layer is to see it.
func newStore(b *backend, seen driver.Backend) *Store {
	layer := driver.NewStore(seen, &driver.Options{
		Name:      storeName,
		CheckName: b.limits.checkName,
		MaxValue:  b.limits.value,
	})
	return &Store{Store: layer, client: b.client}
}

// Client returns the client that the store was made with. For a store made by
// [Open] it is a client of the same servers, beside those that the store works
// with, and is closed with the store.
func (s *Store) Client() *memcache.Client { return s.client }

// borrowing is a backend whose client is another's.
type borrowing struct{ *backend }

var _ io.Closer = (*borrowing)(nil)

// Close closes the connections for bulk writes.
func (b *borrowing) Close() error { return b.bulk.Close() }

// refuse returns an error for a store that could not be made.
func refuse(op string, cause error) error {
	return &core.Error{Op: op, Store: storeName, Err: cause}
}
