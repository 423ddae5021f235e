package keyring

import (
	"context"
	"fmt"
)

// turn lets one call after the other speak to the keyring, in the order in
// which they get it. A call whose context ends is left by its caller, but keeps
// its turn until the driver has come back: a prompt may stand open for
// minutes, and what it decides must not happen after a later call.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take performs a call when it is its turn. When the context is done first, it
// returns that error: before its turn the call is not made at all, and after
// that it goes on in the background, where it has to look at the context
// between one call of the driver and the next.
func take[T any](ctx context.Context, t turn, call func() (T, error)) (T, error) {
	var none T
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if err := ctx.Err(); err != nil { // both were ready
		<-t
		return none, err
	}
	if ctx.Done() == nil {
		defer func() { <-t }()
		return guarded(call)
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-t }()
		value, err := guarded(call)
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// guarded turns a panic into an error. The driver panics over answers that it
// does not expect, such as that of a prompt which was dismissed.
func guarded[T any](call func() (T, error)) (value T, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("the driver panicked: %v", panicked)
		}
	}()
	return call()
}
