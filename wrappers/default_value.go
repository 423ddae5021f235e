package wrappers

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// DefaultValueOptions configure a [DefaultValue].
type DefaultValueOptions struct {
	// Value is what is read where there is no entry. It must be set.
	Value json.RawMessage

	// TTL is the remaining time to live of such an entry. Zero means that it
	// has no expiry.
	TTL time.Duration
}

// DefaultValue answers a value where there is none. It is never stored: a
// listing does not show it, Delete answers false, Insert inserts.
//
// The entry answered has no CreatedAt. An error, such as [core.ErrCorrupt], is
// an error as without the wrapper.
type DefaultValue struct {
	*life
	inner core.Store
	value json.RawMessage
	ttl   time.Duration
}

var _ core.Full = (*DefaultValue)(nil)

// NewDefaultValue returns a DefaultValue around the store. A Value that is not
// legal and a negative TTL are [core.ErrInvalidOptions].
func NewDefaultValue(inner core.Store, options *DefaultValueOptions) (*DefaultValue, error) {
	var o DefaultValueOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("default value", "the store inside is nil")
	case core.CheckValue(o.Value) != nil:
		return nil, refuseOptions("default value", "Value is not a JSON object")
	case o.TTL < 0:
		return nil, refuseOptions("default value", "TTL is negative")
	}
	return &DefaultValue{life: newLife("default value", inner), inner: inner, value: bytes.Clone(o.Value), ttl: o.TTL}, nil
}

// entry returns the default with its value appended to dst.
func (d *DefaultValue) entry(dst []byte) core.Entry {
	entry := core.Entry{Value: append(dst, d.value...)}
	if d.ttl > 0 {
		entry.ExpiresAt = time.Now().Add(d.ttl)
	}
	return entry
}

// Supports reports whether the store inside has every capability of the set.
func (d *DefaultValue) Supports(wanted core.Capability) bool { return core.Supports(d.inner, wanted) }

// Get reads the entry, or the default. See [core.Store].
func (d *DefaultValue) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := d.inner.Get(ctx, collection, key)
	if err == core.ErrNotFound {
		return d.entry(nil), nil
	}
	return entry, err
}

// GetAppend reads the entry, or the default, into a buffer. See
// [core.GetAppend].
func (d *DefaultValue) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := core.GetAppend(ctx, d.inner, collection, key, dst)
	if err == core.ErrNotFound {
		return d.entry(dst), nil
	}
	return entry, err
}

// GetMany reads the entries, and the default in the place of each that is
// missing. See [core.Store].
func (d *DefaultValue) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	found, err := d.inner.GetMany(ctx, collection, keys)
	if found == nil {
		return nil, err
	}
	failed := failedKeys(err)
	entries := slices.Clone(found)
	for i, entry := range entries {
		if !entry.Found() && !failed[keys[i]] {
			entries[i] = d.entry(nil)
		}
	}
	return entries, err
}

// Put is [core.Store].Put.
func (d *DefaultValue) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	return d.inner.Put(ctx, collection, key, value, ttl)
}

// PutMany is [core.Store].PutMany.
func (d *DefaultValue) PutMany(ctx context.Context, collection string, items []core.Item) error {
	return d.inner.PutMany(ctx, collection, items)
}

// Insert is [core.Insert].
func (d *DefaultValue) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	return core.Insert(ctx, d.inner, collection, key, value, ttl)
}

// Delete is [core.Store].Delete.
func (d *DefaultValue) Delete(ctx context.Context, collection, key string) (bool, error) {
	return d.inner.Delete(ctx, collection, key)
}

// DeleteMany is [core.Store].DeleteMany.
func (d *DefaultValue) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	return d.inner.DeleteMany(ctx, collection, keys)
}

// Keys is [core.Keys].
func (d *DefaultValue) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, d.inner, collection)
}

// Collections is [core.Collections].
func (d *DefaultValue) Collections(ctx context.Context) iter.Seq2[string, error] {
	return core.Collections(ctx, d.inner)
}

// DestroyCollection is [core.DestroyCollection].
func (d *DefaultValue) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return core.DestroyCollection(ctx, d.inner, collection)
}

// Destroy is [core.Destroy].
func (d *DefaultValue) Destroy(ctx context.Context) error { return core.Destroy(ctx, d.inner) }

// Cull is [core.Cull].
func (d *DefaultValue) Cull(ctx context.Context) (int, error) { return core.Cull(ctx, d.inner) }

// Setup is [core.Setup].
func (d *DefaultValue) Setup(ctx context.Context, collections ...string) error {
	return core.Setup(ctx, d.inner, collections...)
}

// Ping is [core.Ping].
func (d *DefaultValue) Ping(ctx context.Context) error { return core.Ping(ctx, d.inner) }
