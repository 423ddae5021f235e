package core

import (
	"context"
	"errors"
)

// Pinger is implemented by stores that can tell whether they are reachable.
type Pinger interface {
	Store

	// Ping asks for a sign of life. See the function Ping.
	Ping(ctx context.Context) error
}

// Ping returns nil if the store can be reached, after one cheap round trip.
// The error is [errors.ErrUnsupported] where the store cannot tell.
func Ping(ctx context.Context, s Store) error {
	if s, ok := As[Pinger](s); ok {
		return s.Ping(ctx)
	}
	return errors.ErrUnsupported
}
