package valkey

import (
	"context"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// backend keeps each record as one string, named as names.Compound does.
type backend struct {
	client   valkey.Client
	verify   bool
	cacheTTL time.Duration // zero: nothing is cached

	// reads and writes gather commands. They are nil where each is sent by
	// itself.
	reads, writes *gatherer

	// got and removed are the replies of commands that read and of those that
	// read and remove.
	got, removed replies

	// owned says that Open has made the client, which so is nobody else's.
	owned bool

	// sharesReplies says that somebody else may hold the bytes of a reply.
	sharesReplies bool

	// noScripts is set once the server has refused to run a script.
	noScripts atomic.Bool
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.Appender            = (*backend)(nil)
	_ driver.BatchGetter         = (*backend)(nil)
	_ driver.BatchPutter         = (*backend)(nil)
	_ driver.BatchDeleter        = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.InsertConfirmer     = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(client valkey.Client, options *Options) *backend {
	b := &backend{
		client:        client,
		verify:        options.VerifyListing,
		cacheTTL:      options.ClientCacheTTL,
		sharesReplies: options.ClientCacheTTL > 0 || !isDriversOwn(client),
	}
	// What is around a client may want the context of each call. In a cluster
	// a command would wait for those of its batch that go to another node.
	if isDriversOwn(client) && client.Mode() != valkey.ClientModeCluster {
		b.reads = &gatherer{client: client, replies: &b.got}
		b.writes = &gatherer{client: client, replies: &b.removed}
	}
	return b
}

// isDriversOwn reports whether a client is one of the driver's package, which
// hands each reply to one caller only, rather than one around it, such as for
// hooks.
func isDriversOwn(client valkey.Client) bool {
	kind := reflect.TypeOf(client)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return kind.PkgPath() == reflect.TypeFor[valkey.ClientOption]().PkgPath()
}

// Get reads one entry.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := b.get(ctx, collection, key)
	if err == nil {
		entry.Value = b.own(entry.Value)
	}
	return entry, err
}

// GetAppend reads one entry and appends its value to dst.
func (b *backend) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := b.get(ctx, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

// get reads one entry. Its value is a part of the reply.
func (b *backend) get(ctx context.Context, collection, key string) (core.Entry, error) {
	if b.cacheTTL > 0 {
		return b.getCached(ctx, collection, key)
	}
	name := names.Compound(collection, key)
	result, err := b.perform(ctx, b.reads, get(b.client.B(), name), len(name))
	if err != nil {
		return core.Entry{}, err
	}
	return decode(&result, collection, key)
}

// getCached is get with a client that may know the answer.
func (b *backend) getCached(ctx context.Context, collection, key string) (core.Entry, error) {
	cmd := b.client.B().Get().Key(names.Compound(collection, key)).Cache()
	result, err := alone(ctx, func(ctx context.Context) valkey.ValkeyResult {
		return b.client.DoCache(ctx, cmd, b.cacheTTL)
	})
	if err != nil {
		return core.Entry{}, err
	}
	return decode(&result, collection, key)
}

// decode returns the entry in a reply. Its value is a part of the reply.
func decode(result *valkey.ValkeyResult, collection, key string) (core.Entry, error) {
	data, err := result.AsBytes()
	if err != nil {
		return core.Entry{}, failure(err)
	}
	return managed.DecodeAs(data, collection, key)
}

// own returns a part of a reply that the caller may keep and change.
func (b *backend) own(value []byte) []byte {
	if b.sharesReplies {
		return append([]byte(nil), value...)
	}
	return value
}

// Put writes one record.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	m := b.borrow()
	_, err := b.process(ctx, set(b.client.B(), record, m), len(record.Value))
	if err == nil {
		b.giveBack(m)
	}
	return err
}

// owningBackend is a backend that closes its client.
type owningBackend struct{ *backend }

// Close closes the client.
func (b *owningBackend) Close() error {
	b.client.Close()
	return nil
}
