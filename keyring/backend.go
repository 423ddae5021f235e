package keyring

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// backend keeps each record as one item.
type backend struct {
	ring   keyring.Keyring
	items  items
	turn   turn
	prefix string
	scheme *names.Scheme
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.Setupper            = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

// name returns the name of an item.
func (b *backend) name(collection, key string) string {
	return b.prefix + b.scheme.Encode(names.Compound(collection, key))
}

// Get reads an item.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	data, err := take(ctx, b.turn, func() ([]byte, error) { return b.items.get(b.name(collection, key)) })
	if err != nil {
		return core.Entry{}, err
	}
	entry, err := managed.DecodeAs(data, collection, key)
	entry.Value = bytes.Clone(entry.Value) // the ring may hold on to the data
	return entry, err
}

// Put writes an item.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	data := managed.Append(nil, record)
	name := b.name(record.Collection, record.Key)
	_, err := take(ctx, b.turn, func() (struct{}, error) { return struct{}{}, b.items.set(name, data) })
	return err
}

// Delete reads an item and removes it, in one turn. What cannot be read, and is
// not known to be damaged, stays: it may be live.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	name := b.name(collection, key)
	return take(ctx, b.turn, func() (bool, error) {
		data, err := b.items.get(name)
		if err != nil && !errors.Is(err, core.ErrCorrupt) {
			return false, err
		}
		live := false
		if err == nil {
			entry, err := managed.DecodeAs(data, collection, key)
			live = err == nil && !entry.ExpiredAt(now)
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		return live, b.items.remove(name)
	})
}

// Setup makes the directory of a ring of files.
func (b *backend) Setup(ctx context.Context) error {
	_, err := take(ctx, b.turn, func() (struct{}, error) { return struct{}{}, b.items.prepare() })
	return err
}

// Ping looks whether the keyring can be reached, not whether it is unlocked.
func (b *backend) Ping(ctx context.Context) error {
	_, err := take(ctx, b.turn, func() (struct{}, error) { return struct{}{}, b.items.ping() })
	return err
}
