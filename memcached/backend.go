package memcached

import (
	"context"
	"sync"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// backend keeps each record as one item, a managed entry.
type backend struct {
	client   *memcache.Client
	selector memcache.ServerSelector // nil: not known
	naming   naming
	limits   limits
	owned    *owned // nil: the client is another's
	calls    calls
	bulk     bulk
	requests sync.Pool // *request
}

var (
	_ driver.Backend         = (*backend)(nil)
	_ driver.Appender        = (*backend)(nil)
	_ driver.BatchGetter     = (*backend)(nil)
	_ driver.BatchPutter     = (*backend)(nil)
	_ driver.BatchDeleter    = (*backend)(nil)
	_ driver.Inserter        = (*backend)(nil)
	_ driver.InsertConfirmer = (*backend)(nil)
	_ driver.Pinger          = (*backend)(nil)
)

// Get reads one entry. Its value is a part of what the driver has read, which
// nobody else keeps.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	item, err := b.fetch(ctx, b.naming.item(collection, key))
	if err != nil {
		return core.Entry{}, err
	}
	return managed.DecodeAs(item.Value, collection, key)
}

// GetAppend reads one entry and appends its value to dst.
func (b *backend) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := b.Get(ctx, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

// fetch reads one item. Only the last way of three needs a closure.
func (b *backend) fetch(ctx context.Context, name string) (*memcache.Item, error) {
	if b.owned != nil {
		s, err := b.owned.of(name).begin(ctx)
		if err != nil {
			return nil, err
		}
		item, err := get(s.client, name)
		return item, failure(s.done(err))
	}
	if ctx.Done() == nil {
		item, err := get(b.client, name)
		return item, failure(err)
	}
	item, err := call(ctx, b, name, func(client *memcache.Client) (*memcache.Item, error) {
		return get(client, name)
	})
	return item, failure(err)
}

// get reads the item that was asked for. The driver would return any other: a
// sign of a connection out of step, which says nothing about this one.
func get(client *memcache.Client, name string) (*memcache.Item, error) {
	item, err := client.Get(name)
	if err == nil && item.Key != name {
		return nil, errUnexpected
	}
	return item, err
}

// Put writes one record, as fetch reads one.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	name := b.naming.item(record.Collection, record.Key)
	r, err := b.newRequest(name, record)
	if err != nil {
		return err
	}
	if b.owned != nil {
		defer b.free(r)
		s, err := b.owned.of(name).begin(ctx)
		if err != nil {
			return err
		}
		return failure(s.done(s.client.Set(&r.item)))
	}
	if ctx.Done() == nil {
		defer b.free(r)
		return failure(b.client.Set(&r.item))
	}
	_, err = call(ctx, b, name, func(client *memcache.Client) (struct{}, error) {
		defer b.free(r)
		return struct{}{}, client.Set(&r.item)
	})
	return failure(err)
}

// Ping asks every server for a sign of life.
func (b *backend) Ping(ctx context.Context) error {
	if b.owned != nil {
		return b.owned.ping(ctx)
	}
	_, err := within(ctx, &b.calls, "", func() (struct{}, error) {
		return struct{}{}, b.client.Ping()
	})
	return failure(err)
}
