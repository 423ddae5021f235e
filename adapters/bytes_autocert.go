package adapters

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
)

// AutocertCache satisfies Cache of golang.org/x/crypto/acme/autocert. Get it
// from [Bytes.Autocert].
type AutocertCache struct {
	bytes *Bytes
	miss  error
}

// Autocert returns the bytes as a cache for certificates. The error is what a
// miss must be: autocert.ErrCacheMiss.
func (b *Bytes) Autocert(miss error) *AutocertCache { return &AutocertCache{b, miss} }

// Get returns the data of that name.
func (a *AutocertCache) Get(ctx context.Context, name string) ([]byte, error) {
	data, err := a.bytes.Get(ctx, name)
	if err == core.ErrNotFound {
		return nil, a.miss
	}
	return data, err
}

// Put stores the data. It does not expire.
func (a *AutocertCache) Put(ctx context.Context, name string, data []byte) error {
	return a.bytes.Put(ctx, name, data, core.NoTTL)
}

// Delete removes the data, if there is any.
func (a *AutocertCache) Delete(ctx context.Context, name string) error {
	_, err := a.bytes.Delete(ctx, name)
	return err
}
