package elasticsearch

import (
	"context"
	"errors"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// backend keeps each record as one document.
type backend struct {
	client   Client
	layout   layout
	refresh  Refresh
	noCreate bool
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.BatchGetter         = (*backend)(nil)
	_ driver.BatchPutter         = (*backend)(nil)
	_ driver.BatchDeleter        = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.InsertConfirmer     = (*backend)(nil)
	_ driver.Setupper            = (*backend)(nil)
	_ driver.CollectionSetupper  = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(client Client, options *Options) (*backend, error) {
	var o Options
	if options != nil {
		o = *options
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	return &backend{client: client, layout: newLayout(&o), refresh: o.Refresh, noCreate: o.NoCreate}, nil
}

// Put writes one record.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	return b.bulk(ctx, b.layout.index(record.Collection), []action{b.put(record)}, nil)[0].err
}

// put returns the action that writes a record over whatever is there.
func (b *backend) put(record *driver.Record) action {
	return action{verb: "index", id: b.layout.id(record.Collection, record.Key), source: encode(record)}
}

// PutMany writes records of one collection.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	actions := make([]action, len(records))
	for i := range records {
		actions[i] = b.put(&records[i])
	}
	outcomes := b.bulk(ctx, b.layout.index(records[0].Collection), actions, nil)
	return failures(outcomes, func(i int) string { return records[i].Key })
}

// failures returns the error for a batch: nil, one for all where the index is
// gone, or one for each key that failed.
func failures(outcomes []outcome, key func(i int) string) error {
	failed := make(driver.KeyErrors)
	for i, o := range outcomes {
		if errors.Is(o.err, driver.ErrNotSetUp) {
			return o.err
		}
		if o.err != nil {
			failed[key(i)] = o.err
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return failed
}

// Ping asks whether there are indices: a node answers that by itself, and needs
// no other permission for it than the store does.
func (b *backend) Ping(ctx context.Context) error {
	_, err := b.indices(ctx)
	return err
}
