package core

import (
	"context"
	"errors"
)

// CollectionDestroyer is implemented by stores that can remove a collection.
type CollectionDestroyer interface {
	Store

	// DestroyCollection removes a collection. See the function
	// DestroyCollection.
	DestroyCollection(ctx context.Context, collection string) (bool, error)
}

// DestroyCollection removes all entries of the collection, expired ones too,
// and whatever the backend keeps for it, and reports whether a live entry was
// there. A backend that cannot tell live entries from expired leftovers may
// answer true for the latter. The collection can be used again at once.
//
// The error is [errors.ErrUnsupported] where the store cannot.
func DestroyCollection(ctx context.Context, s Store, collection string) (bool, error) {
	if s, ok := As[CollectionDestroyer](s); ok {
		return s.DestroyCollection(ctx, collection)
	}
	return false, errors.ErrUnsupported
}
