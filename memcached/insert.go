package memcached

import (
	"context"
	"errors"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// Insert adds the record. Where there is an item already that has expired, or
// that is another's, it replaces just that one.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	name := b.naming.item(record.Collection, record.Key)
	r, err := b.newRequest(name, record)
	if err != nil {
		return false, err
	}
	names := driver.Record{Collection: record.Collection, Key: record.Key}
	names.CreatedAt = record.CreatedAt
	inserted, err := call(ctx, b, name, func(client *memcache.Client) (bool, error) {
		defer b.free(r)
		return insert(ctx, client, &r.item, &names)
	})
	return inserted, failure(err)
}

// insert adds the item. Of the record it needs the names and the time.
func insert(ctx context.Context, client *memcache.Client, item *memcache.Item, record *driver.Record) (bool, error) {
	for range maxAttempts {
		err := client.Add(item)
		if !overtaken(err) {
			return err == nil, err
		}
		there, err := get(client, item.Key)
		if err == nil {
			err = replace(client, item, there, record)
		}
		switch {
		case err == errOccupied:
			return false, nil
		case !overtaken(err):
			return err == nil, err
		}
		if err := ctx.Err(); err != nil { // nobody waits for this any more
			return false, err
		}
	}
	return false, errContention
}

// errOccupied says that there is a live entry.
var errOccupied = errors.New("occupied")

// replace writes the item over the one that is there, unless that is a live or
// a corrupt entry.
func replace(client *memcache.Client, item, there *memcache.Item, record *driver.Record) error {
	entry, err := managed.DecodeAs(there.Value, record.Collection, record.Key)
	switch {
	case errors.Is(err, core.ErrCorrupt):
		return err
	case err == nil && !entry.ExpiredAt(record.CreatedAt):
		return errOccupied
	case there.CasID == 0:
		return errNoTokens
	}
	item.CasID = there.CasID
	return client.CompareAndSwap(item)
}

// InsertID returns the id of the record that is there, if it has one. A proxy
// between us and the server may have repeated what Insert has sent.
func (b *backend) InsertID(ctx context.Context, collection, key string) (string, error) {
	item, err := b.fetch(ctx, b.naming.item(collection, key))
	if err != nil {
		return "", err
	}
	envelope, err := managed.Decode(item.Value)
	if err != nil {
		return "", err
	}
	if !envelope.Belongs(collection, key) {
		return "", core.ErrNotFound
	}
	return envelope.InsertID(), nil
}
