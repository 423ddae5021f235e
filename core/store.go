package core

import (
	"context"
	"encoding/json"
	"time"
)

// Store is the protocol that every backend and every wrapper implements.
//
// A store may implement further interfaces, such as [KeyLister] or [Inserter].
// Call them through the package functions, [Keys] and [Insert], which answer
// [errors.ErrUnsupported] where a store cannot.
//
// Package storetest checks an implementation against the rules in the package
// documentation. Store never grows: what is added later is a further interface.
type Store interface {
	// Get returns the live entry under the key, or ErrNotFound.
	// A miss is never a nil error.
	Get(ctx context.Context, collection, key string) (Entry, error)

	// GetMany returns one entry for each key, in the order of the keys; the
	// zero Entry for a miss, which is not an error. The slice is nil with an
	// error when nothing could be read. Otherwise it has len(keys) entries,
	// and the error, if any, joins one *Error for each key that failed.
	GetMany(ctx context.Context, collection string, keys []string) ([]Entry, error)

	// Put stores the value, one JSON object, and replaces value, creation
	// time and expiry of an entry that was there. A TTL of NoTTL means that
	// the entry never expires; a negative TTL is ErrInvalidTTL.
	Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error

	// PutMany stores the items; of several with one key the last wins. All
	// are checked before any is written. It is not atomic: when some fail,
	// the rest is stored, and the error joins one *Error for each that failed.
	PutMany(ctx context.Context, collection string, items []Item) error

	// Delete removes the entry and reports whether a live one was there.
	Delete(ctx context.Context, collection, key string) (bool, error)

	// DeleteMany removes the entries and returns how many live ones were
	// there. A key that is listed twice counts once. When some fail, the rest
	// is removed, and the error joins one *Error for each that failed.
	DeleteMany(ctx context.Context, collection string, keys []string) (int, error)
}

// Item is one entry to be stored by [Store.PutMany].
type Item struct {
	Key   string
	Value json.RawMessage // one JSON object
	TTL   time.Duration   // NoTTL: never expires
}

// NoTTL as a time to live means that an entry never expires.
// It is the zero value: it says in words what a bare 0 would not.
const NoTTL time.Duration = 0

// DefaultCollection is the collection that an empty name stands for.
const DefaultCollection = "default_collection"

// CollectionName returns the collection that is meant: [DefaultCollection]
// for an empty name, and the name itself otherwise. Whoever looks at, maps,
// counts or binds a collection calls it first.
func CollectionName(collection string) string {
	if collection == "" {
		return DefaultCollection
	}
	return collection
}
