package redis

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// backend keeps each record as one string, named as names.Compound does.
type backend struct {
	client   redis.UniversalClient
	punctual bool
	verify   bool
	privacy

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

func newBackend(client redis.UniversalClient, options *Options) *backend {
	b := &backend{client: client, punctual: isPunctual(client)}
	if options != nil {
		b.verify = options.VerifyListing
	}
	return b
}

// Get reads one entry.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := b.get(ctx, collection, key)
	if err == nil && !b.private() {
		entry.Value = bytes.Clone(entry.Value)
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
	cmd := redis.NewStringCmd(ctx, "get", names.Compound(collection, key))
	if err := b.process(ctx, cmd); err != nil {
		return core.Entry{}, err
	}
	return decode(cmd, collection, key)
}

// Put writes one record.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	text := b.encode(record)
	err := b.process(ctx, set(ctx, names.Compound(record.Collection, record.Key), record, *text))
	b.release(text, err)
	return err
}

// set returns the command that writes a record, whose name and text are given.
func set(ctx context.Context, name string, record *driver.Record, text []byte) *redis.StatusCmd {
	return redis.NewStatusCmd(ctx, setArguments(name, record, text)...)
}

func setArguments(name string, record *driver.Record, text []byte, flags ...any) []any {
	arguments := make([]any, 0, 6)
	arguments = append(arguments, "set", name, text)
	if lifetime := lifetime(record); lifetime > 0 {
		arguments = append(arguments, "px", lifetime)
	}
	return append(arguments, flags...)
}

// lifetime returns for how many milliseconds the server is to keep the record,
// rounded up, or zero for ever.
func lifetime(record *driver.Record) int64 {
	if record.ExpiresAt.IsZero() {
		return 0
	}
	ttl := record.ExpiresAt.Sub(record.CreatedAt)
	milliseconds := int64(ttl / time.Millisecond)
	if ttl%time.Millisecond > 0 {
		milliseconds++
	}
	return milliseconds
}

// decode returns the entry in a reply. Its value is a part of the reply.
func decode(cmd *redis.StringCmd, collection, key string) (core.Entry, error) {
	data, err := cmd.Bytes()
	if err != nil {
		return core.Entry{}, failure(err)
	}
	return managed.DecodeAs(data, collection, key)
}

// owningBackend is a backend that closes its client.
type owningBackend struct{ *backend }

// Close closes the client. That somebody did so before is no error.
func (b *owningBackend) Close() error {
	if err := b.client.Close(); !errors.Is(err, redis.ErrClosed) {
		return err
	}
	return nil
}
