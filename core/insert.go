package core

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Inserter is implemented by stores that can put an entry only where there is
// none, atomically.
type Inserter interface {
	Store

	// Insert puts an entry where there is none. See the function Insert.
	Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error)
}

// Insert stores the value as [Store.Put] does, but only where there is no live
// entry under the key, and reports whether it did. Of many callers at once
// exactly one is told true. An expired entry counts as absent. A corrupt one
// does not: the answer is false with an error that matches [ErrCorrupt].
//
// After an error other than that the outcome is unknown.
// The error is [errors.ErrUnsupported] where the store cannot do it
// atomically; there is no fallback to Get and Put, which would not be.
func Insert(ctx context.Context, s Store, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if s, ok := As[Inserter](s); ok {
		return s.Insert(ctx, collection, key, value, ttl)
	}
	return false, errors.ErrUnsupported
}
