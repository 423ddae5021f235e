package wrappers

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

// ErrBulkheadFull is the error of a call for which a [Bulkhead] has neither a
// place nor room to wait.
var ErrBulkheadFull = errors.New("too many calls wait")

// BulkheadOptions configure a [Bulkhead]. Nil and the zero value are valid.
type BulkheadOptions struct {
	// MaxConcurrent is how many calls are under way at once. Zero means 64.
	MaxConcurrent int

	// MaxWaiting is how many more wait for a place, until their context is
	// done. Zero means as many as come, a negative number none.
	MaxWaiting int
}

// Bulkhead bounds how many calls on a store are under way at once, so that one
// slow store does not take every goroutine and connection of the program. A
// call that finds no place waits for one, in the order in which they came; if
// too many wait it is [ErrBulkheadFull], and if its context is done while it
// waits the context's error. Either way nothing was done.
//
// The bulk calls are one call each. A listing holds a place until its first
// name, so the body of its loop may call the same store. Bulkhead is
// transparent.
type Bulkhead struct{ gated }

var (
	_ core.Full      = (*Bulkhead)(nil)
	_ core.Unwrapper = (*Bulkhead)(nil)
)

// NewBulkhead returns a Bulkhead around the store. A negative MaxConcurrent is
// [core.ErrInvalidOptions].
func NewBulkhead(inner core.Store, options *BulkheadOptions) (*Bulkhead, error) {
	var o BulkheadOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("bulkhead", "the store inside is nil")
	case o.MaxConcurrent < 0:
		return nil, refuseOptions("bulkhead", "MaxConcurrent is negative")
	}
	if o.MaxConcurrent == 0 {
		o.MaxConcurrent = 64
	}
	places := &placesGate{places: make(chan struct{}, o.MaxConcurrent), maxWaiting: int64(o.MaxWaiting)}
	places.leave = func(error) { <-places.places }
	return &Bulkhead{gated{life: newLife("bulkhead", inner), inner: inner, gate: places}}, nil
}

// placesGate is a gate with a number of places.
type placesGate struct {
	places     chan struct{} // holds one element for each place taken
	waiting    atomic.Int64
	maxWaiting int64 // 0: no bound
	leave      func(error)
}

func (p *placesGate) enter(ctx context.Context) (func(error), error) {
	select {
	case p.places <- struct{}{}:
		return p.leave, nil
	default:
	}
	defer p.waiting.Add(-1)
	if waiting := p.waiting.Add(1); p.maxWaiting != 0 && waiting > p.maxWaiting {
		return nil, ErrBulkheadFull
	}
	select {
	case p.places <- struct{}{}:
		return p.leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
