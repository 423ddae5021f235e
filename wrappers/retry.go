package wrappers

import (
	"context"
	"encoding/json"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// RetryOptions configure a [Retry]. Nil and the zero value are valid.
type RetryOptions struct {
	// MaxRetries is how often a call is tried again after the first attempt.
	// Zero means 3.
	MaxRetries int

	// InitialDelay is the longest delay before the first retry, MaxDelay that
	// before any. Zero means 100 milliseconds, and 10 seconds.
	InitialDelay, MaxDelay time.Duration

	// Base is by what the longest delay is multiplied from one retry to the
	// next. Zero means 2.
	Base float64

	// ShouldRetry reports whether it is worth trying again after the error.
	// Nil means [Retryable]. A miss is not an error and is never asked about.
	ShouldRetry func(error) bool
}

// Retry tries calls again that failed for a reason which may pass. It waits
// before each retry for a random time between zero and a bound that grows
// exponentially (full jitter), so that many callers do not come back at once.
//
// It gives up when the caller's context is done, and does not begin to wait
// where the deadline would be over before. [core.Error.Attempts] tells how
// often a call was tried that failed in the end. Of a bulk call only the keys
// are tried again that failed, in one bulk call.
//
// A call whose reply was lost may have been performed. Repeating a read or a
// Put does no harm. But Delete, DeleteMany and DestroyCollection may answer
// false, or too low a number, for what their own first attempt removed. Insert
// is repeated only if the error proves that nothing was sent. A listing is
// repeated only before its first name.
//
// Retry is transparent. Close is not repeated.
type Retry struct {
	*life
	inner       core.Store
	maxRetries  int
	backoff     backoff
	shouldRetry func(error) bool
}

var (
	_ core.Full      = (*Retry)(nil)
	_ core.Unwrapper = (*Retry)(nil)
)

// NewRetry returns a Retry around the store. Options that are negative, a Base
// below 1, and an InitialDelay above MaxDelay are [core.ErrInvalidOptions].
func NewRetry(inner core.Store, options *RetryOptions) (*Retry, error) {
	if options == nil {
		options = &RetryOptions{}
	}
	r := &Retry{
		life:        newLife("retry", inner),
		inner:       inner,
		maxRetries:  options.MaxRetries,
		backoff:     backoff{initial: options.InitialDelay, max: options.MaxDelay, base: options.Base},
		shouldRetry: options.ShouldRetry,
	}
	if r.maxRetries == 0 {
		r.maxRetries = 3
	}
	if r.shouldRetry == nil {
		r.shouldRetry = Retryable
	}
	r.backoff.setDefaults()
	switch {
	case inner == nil:
		return nil, refuseOptions("retry", "the store inside is nil")
	case r.maxRetries < 0:
		return nil, refuseOptions("retry", "MaxRetries is negative")
	case !r.backoff.valid():
		return nil, refuseOptions("retry", "want 0 <= InitialDelay <= MaxDelay and Base >= 1")
	}
	return r, nil
}

// Unwrap returns the store inside.
func (r *Retry) Unwrap() core.Store { return r.inner }

// Supports reports whether the store inside has every capability of the set.
func (r *Retry) Supports(wanted core.Capability) bool { return core.Supports(r.inner, wanted) }

// again reports whether a call is to be tried once more after its attempt
// number attempt (from 1) failed with err, having waited for that. Otherwise
// the error returned is the answer.
func (r *Retry) again(ctx context.Context, attempt int, err error) (bool, error) {
	if err == nil || err == core.ErrNotFound || !r.shouldRetry(err) {
		return false, counted(err, attempt)
	}
	return r.pause(ctx, attempt, err)
}

// pause is again for an error that is worth it.
func (r *Retry) pause(ctx context.Context, attempt int, err error) (bool, error) {
	if attempt > r.maxRetries || ctx.Err() != nil {
		return false, counted(err, attempt)
	}
	if stopped := r.backoff.wait(ctx, attempt); stopped != nil {
		return false, interrupted(err, stopped, attempt)
	}
	return true, nil
}

// Get is [core.Store].Get, tried again.
func (r *Retry) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	for attempt := 1; ; attempt++ {
		entry, err := r.inner.Get(ctx, collection, key)
		if err == nil {
			return entry, nil
		}
		if again, err := r.again(ctx, attempt, err); !again {
			return core.Entry{}, err
		}
	}
}

// GetAppend is [core.GetAppend], tried again.
func (r *Retry) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	for attempt := 1; ; attempt++ {
		entry, err := core.GetAppend(ctx, r.inner, collection, key, dst)
		if err == nil {
			return entry, nil
		}
		if again, err := r.again(ctx, attempt, err); !again {
			return core.Entry{}, err
		}
	}
}

// Put is [core.Store].Put, tried again.
func (r *Retry) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	for attempt := 1; ; attempt++ {
		err := r.inner.Put(ctx, collection, key, value, ttl)
		if again, err := r.again(ctx, attempt, err); !again {
			return err
		}
	}
}

// Insert is [core.Insert], tried again only if nothing was sent.
func (r *Retry) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	for attempt := 1; ; attempt++ {
		inserted, err := core.Insert(ctx, r.inner, collection, key, value, ttl)
		if err == nil || !neverSent(err) {
			return inserted, counted(err, attempt)
		}
		if again, err := r.again(ctx, attempt, err); !again {
			return inserted, err
		}
	}
}

// Delete is [core.Store].Delete, tried again.
func (r *Retry) Delete(ctx context.Context, collection, key string) (bool, error) {
	for attempt := 1; ; attempt++ {
		deleted, err := r.inner.Delete(ctx, collection, key)
		if again, err := r.again(ctx, attempt, err); !again {
			return deleted, err
		}
	}
}

// DestroyCollection is [core.DestroyCollection], tried again.
func (r *Retry) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	for attempt := 1; ; attempt++ {
		destroyed, err := core.DestroyCollection(ctx, r.inner, collection)
		if again, err := r.again(ctx, attempt, err); !again {
			return destroyed, err
		}
	}
}

// Destroy is [core.Destroy], tried again.
func (r *Retry) Destroy(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		err := core.Destroy(ctx, r.inner)
		if again, err := r.again(ctx, attempt, err); !again {
			return err
		}
	}
}

// Cull is [core.Cull], tried again. The count is that of all attempts.
func (r *Retry) Cull(ctx context.Context) (int, error) {
	total := 0
	for attempt := 1; ; attempt++ {
		culled, err := core.Cull(ctx, r.inner)
		total += culled
		if again, err := r.again(ctx, attempt, err); !again {
			return total, err
		}
	}
}

// Setup is [core.Setup], tried again.
func (r *Retry) Setup(ctx context.Context, collections ...string) error {
	for attempt := 1; ; attempt++ {
		err := core.Setup(ctx, r.inner, collections...)
		if again, err := r.again(ctx, attempt, err); !again {
			return err
		}
	}
}

// Ping is [core.Ping], tried again.
func (r *Retry) Ping(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		err := core.Ping(ctx, r.inner)
		if again, err := r.again(ctx, attempt, err); !again {
			return err
		}
	}
}
