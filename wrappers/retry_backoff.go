package wrappers

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// backoff says how long to wait before a retry.
type backoff struct {
	initial, max time.Duration
	base         float64
}

func (b *backoff) setDefaults() {
	if b.initial == 0 {
		b.initial = 100 * time.Millisecond
	}
	if b.max == 0 {
		b.max = max(10*time.Second, b.initial)
	}
	if b.base == 0 {
		b.base = 2
	}
}

func (b *backoff) valid() bool { return b.initial >= 0 && b.initial <= b.max && b.base >= 1 }

// bound returns the longest delay after the attempt, which counts from 1.
func (b *backoff) bound(attempt int) time.Duration {
	bound := float64(b.initial) * math.Pow(b.base, float64(attempt-1))
	if bound < float64(b.max) {
		return time.Duration(bound)
	}
	return b.max
}

// wait waits after the attempt. It returns an error if the context is done
// meanwhile, and at once if it would be.
func (b *backoff) wait(ctx context.Context, attempt int) error {
	delay := time.Duration(rand.Float64() * float64(b.bound(attempt)))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// counted returns the error with the number of attempts, if there were several.
func counted(err error, attempts int) error {
	if err == nil || attempts == 1 {
		return err
	}
	return core.MapErrors(err, func(e core.Error) core.Error {
		e.Attempts = attempts
		return e
	})
}

// interrupted returns the error of a call whose next attempt had no time.
func interrupted(err, stopped error, attempts int) error {
	return core.MapErrors(err, func(e core.Error) core.Error {
		e.Attempts = attempts
		e.Err = fmt.Errorf("%w, and no time for a retry: %w", e.Err, stopped)
		return e
	})
}
