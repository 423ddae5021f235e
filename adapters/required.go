package adapters

import (
	"context"
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

// Required is a view of a store in which a missing key is an error that says
// which, in bulk calls too: for configuration and the like, that must be there.
type Required struct{ store core.Store }

// NewRequired returns a view of the store. A nil store is
// [core.ErrInvalidOptions].
func NewRequired(store core.Store) (*Required, error) {
	if store == nil {
		return nil, refuseOptions("required", "the store is nil")
	}
	return &Required{store}, nil
}

// Get returns the entry under the key. If there is none the error is a
// [core.Error] with the names that matches core.ErrNotFound.
func (r *Required) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := r.store.Get(ctx, collection, key)
	if err == core.ErrNotFound {
		return core.Entry{}, missing("get", collection, key)
	}
	return entry, err
}

// GetMany returns the entries under the keys, in their order. If any are
// missing the error joins one [core.Error] for each that matches
// core.ErrNotFound; the others are there, and [core.FailedKeys] tells which are
// not.
func (r *Required) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := r.store.GetMany(ctx, collection, keys)
	if entries == nil {
		return nil, err
	}
	known := make(map[string]bool)
	for _, key := range core.FailedKeys(err) {
		known[key] = true
	}
	errs := []error{err}
	for i, entry := range entries {
		if !entry.Found() && !known[keys[i]] {
			known[keys[i]] = true
			errs = append(errs, missing("get many", collection, keys[i]))
		}
	}
	if len(errs) == 1 {
		return entries, err
	}
	return entries, errors.Join(errs...)
}

func missing(op, collection, key string) error {
	return &core.Error{Op: op, Store: "required", Collection: collection, Key: key, Err: core.ErrNotFound}
}
