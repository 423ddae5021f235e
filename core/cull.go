package core

import (
	"context"
	"errors"
)

// Culler is implemented by stores that can hold expired entries for a while
// and can remove them.
type Culler interface {
	Store

	// Cull removes expired entries. See the function Cull.
	Cull(ctx context.Context) (int, error)
}

// Cull removes the expired entries that the backend still holds and returns
// how many those were. They were invisible before; Cull gives back the space.
//
// The error is [errors.ErrUnsupported] where the store cannot, such as one
// whose server removes expired entries itself.
func Cull(ctx context.Context, s Store) (int, error) {
	if s, ok := As[Culler](s); ok {
		return s.Cull(ctx)
	}
	return 0, errors.ErrUnsupported
}
