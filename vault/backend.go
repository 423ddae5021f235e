package vault

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// backend keeps each record in a secret.
type backend struct {
	client  *vault.Client
	options Options
	timeout time.Duration // of a request; zero: none
	request []vault.RequestOption
}

var (
	_ driver.Backend             = (*backend)(nil)
	_ driver.Inserter            = (*backend)(nil)
	_ driver.InsertConfirmer     = (*backend)(nil)
	_ driver.KeyLister           = (*backend)(nil)
	_ driver.CollectionLister    = (*backend)(nil)
	_ driver.CollectionDestroyer = (*backend)(nil)
	_ driver.Destroyer           = (*backend)(nil)
	_ driver.Culler              = (*backend)(nil)
	_ driver.Setupper            = (*backend)(nil)
	_ driver.Pinger              = (*backend)(nil)
)

func newBackend(client *vault.Client, options *Options) (*backend, error) {
	if client == nil {
		return nil, invalidOptions("the client is nil")
	}
	o, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	b := &backend{client: client, options: o, timeout: client.Configuration().RequestTimeout}
	if o.Namespace != "" {
		b.request = append(b.request, vault.WithNamespace(o.Namespace))
	}
	return b, nil
}

// Get reads one entry.
func (b *backend) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	s, err := b.get(ctx, secretName(collection, key))
	if err != nil {
		return core.Entry{}, err
	}
	if s.text == nil {
		return core.Entry{}, core.ErrNotFound
	}
	return managed.DecodeAs(s.text, collection, key)
}

// putAttempts is how often Put looks for the current version anew where others
// write to the same key.
const putAttempts = 16

// Put writes one record. An engine may be configured to take no write that does
// not say which version it replaces: then it replaces whichever there is.
func (b *backend) Put(ctx context.Context, record *driver.Record) error {
	name, text := secretName(record.Collection, record.Key), managed.Append(nil, record)
	err := b.put(ctx, name, text, nil)
	for attempt := 0; attempt < putAttempts && isAboutVersions(err); attempt++ {
		s, getErr := b.get(ctx, name)
		if getErr != nil && !errors.Is(getErr, core.ErrCorrupt) {
			return getErr
		}
		err = b.put(ctx, name, text, &s.version)
	}
	return err
}

// Delete removes a secret, and says whether it was a live entry. Of one that has
// expired it destroys that version and those before it, so that what is written
// meanwhile stays.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	name := secretName(collection, key)
	s, err := b.get(ctx, name)
	switch {
	case errors.Is(err, core.ErrCorrupt):
		return false, b.remove(ctx, name)
	case err != nil:
		return false, err
	case s.text == nil:
		return false, nil
	}
	entry, err := managed.DecodeAs(s.text, collection, key)
	switch {
	case err != nil: // it is corrupt, or another pair's
		return false, b.remove(ctx, name)
	case entry.ExpiredAt(now):
		return false, b.destroy(ctx, name, s.version)
	}
	if err := b.remove(ctx, name); err != nil {
		return false, err
	}
	return true, nil
}

// owningBackend is a backend that closes its client's connections.
type owningBackend struct{ *backend }

// Close closes the connections that are idle, which are all of them: the layer
// has waited for the calls.
func (b *owningBackend) Close() error {
	b.client.Configuration().HTTPClient.CloseIdleConnections()
	return nil
}
