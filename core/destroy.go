package core

import (
	"context"
	"errors"
)

// Destroyer is implemented by stores that can remove all of their entries.
type Destroyer interface {
	Store

	// Destroy removes all entries. See the function Destroy.
	Destroy(ctx context.Context) error
}

// Destroy removes all entries of the store: those that this library wrote.
// What others keep in a shared database survives. The store can be used again
// at once.
//
// The error is [errors.ErrUnsupported] where the store cannot, or cannot tell
// its entries from those of others.
func Destroy(ctx context.Context, s Store) error {
	if s, ok := As[Destroyer](s); ok {
		return s.Destroy(ctx)
	}
	return errors.ErrUnsupported
}
