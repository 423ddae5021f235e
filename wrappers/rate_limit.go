package wrappers

import (
	"context"
	"errors"
	"fmt"
	"math"

	"golang.org/x/time/rate"

	"github.com/go-keyvalue/keyvalue/core"
)

// ErrRateLimited is the error of a call for which a [RateLimit] has no time.
var ErrRateLimited = errors.New("rate limit exceeded")

// RateLimitOptions configure a [RateLimit].
type RateLimitOptions struct {
	// Rate is how many calls per second go through in the long run. It must
	// be set, to more than zero.
	Rate float64

	// Burst is how many go through at once after a pause. Zero means as many
	// as in a second, and at least one.
	Burst int

	// Refuse refuses a call that comes too early, instead of letting it wait.
	Refuse bool
}

// RateLimit bounds how many calls per second go to a store, by a token bucket.
// A call that comes too early waits for its turn. Where its deadline would be
// over before, it is [ErrRateLimited] and [context.DeadlineExceeded] at once,
// with Refuse [ErrRateLimited]. Either way nothing was done.
//
// The bulk calls are one call each, and so is a listing. RateLimit is
// transparent. It bounds the calls of this value in this process, not those of
// others on the same database.
type RateLimit struct{ gated }

var (
	_ core.Full      = (*RateLimit)(nil)
	_ core.Unwrapper = (*RateLimit)(nil)
)

// NewRateLimit returns a RateLimit around the store. A Rate that is not more
// than zero and a negative Burst are [core.ErrInvalidOptions].
func NewRateLimit(inner core.Store, options *RateLimitOptions) (*RateLimit, error) {
	var o RateLimitOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("rate limit", "the store inside is nil")
	case !(o.Rate > 0): // NaN too
		return nil, refuseOptions("rate limit", "Rate is not more than zero")
	case o.Burst < 0:
		return nil, refuseOptions("rate limit", "Burst is negative")
	}
	if o.Burst == 0 {
		o.Burst = int(min(math.Ceil(o.Rate), math.MaxInt32))
	}
	limiter := rateGate{limiter: rate.NewLimiter(rate.Limit(o.Rate), o.Burst), refuse: o.Refuse}
	return &RateLimit{gated{life: newLife("rate limit", inner), inner: inner, gate: limiter}}, nil
}

// rateGate is a token bucket as a gate.
type rateGate struct {
	limiter *rate.Limiter
	refuse  bool
}

func (r rateGate) enter(ctx context.Context) (func(error), error) {
	if r.refuse {
		if !r.limiter.Allow() {
			return nil, ErrRateLimited
		}
		return leaveNothing, nil
	}
	if err := r.limiter.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: its turn is after the %w", ErrRateLimited, context.DeadlineExceeded)
	}
	return leaveNothing, nil
}

func leaveNothing(error) {}
