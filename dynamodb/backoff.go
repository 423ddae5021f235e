package dynamodb

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff waits longer each time, at random up to a bound that doubles until
// it has reached the limit.
type backoff struct{ base, limit time.Duration }

// pause waits, or returns why the context is done.
func (b *backoff) pause(ctx context.Context) error {
	bound := min(b.base, b.limit)
	b.base = 2 * bound
	// Never less than half: several that began together drift apart, and
	// nobody asks again at once.
	timer := time.NewTimer(bound/2 + rand.N(bound/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
