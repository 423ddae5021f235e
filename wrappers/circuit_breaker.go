package wrappers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/go-keyvalue/keyvalue/core"
)

// ErrCircuitOpen is the error of a call that a [CircuitBreaker] refuses.
var ErrCircuitOpen = errors.New("circuit breaker is open")

// CircuitState is the state of a [CircuitBreaker].
type CircuitState int

// The states of a circuit breaker.
const (
	CircuitClosed   CircuitState = iota // calls go through
	CircuitHalfOpen                     // a few calls go through, to try
	CircuitOpen                         // calls are refused
)

// String returns the state in words.
func (s CircuitState) String() string {
	switch s {
	case CircuitClosed:
		return "closed"
	case CircuitHalfOpen:
		return "half open"
	case CircuitOpen:
		return "open"
	}
	return fmt.Sprintf("state %d", int(s))
}

// CircuitBreakerOptions configure a [CircuitBreaker]. Nil and the zero value
// are valid.
type CircuitBreakerOptions struct {
	// Failures is how many calls must fail one after another for the breaker
	// to open. Zero means 5.
	Failures int

	// OpenFor is how long it stays open before it tries again. Zero means 30
	// seconds.
	OpenFor time.Duration

	// Trials is how many calls go through at most while it tries, and how
	// many of them must succeed for it to close. Zero means 1.
	Trials int

	// IsFailure reports whether the error counts as a failure. Nil means
	// every error except those that say that the call was wrong or that the
	// caller has left: a miss, core.ErrInvalidKey and the like,
	// core.ErrCorrupt, core.ErrReadOnly, errors.ErrUnsupported,
	// context.Canceled. A deadline that is over is a failure, whoever set it:
	// callers with deadlines shorter than the store needs open the breaker
	// for all. Of a bulk call it is asked about each error; one failure makes
	// the call one.
	IsFailure func(error) bool

	// OnChange, if set, is called when the state changes. It must not call
	// the store.
	OnChange func(from, to CircuitState)
}

// CircuitBreaker refuses calls for a while after several failed one after
// another, so that callers fail at once instead of waiting, and a store in
// trouble is left in peace. A refused call is [ErrCircuitOpen] and does
// nothing. After a while a few calls go through: if they succeed the breaker
// closes, otherwise it opens again. A call that says nothing about the
// store, since it was wrong or its caller has left, counts neither way.
//
// The bulk calls are one call each, and so is a listing up to its first name.
// It is transparent. Inside of a [Retry] every attempt counts; a refused call
// is not retried.
type CircuitBreaker struct {
	gated
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

var (
	_ core.Full      = (*CircuitBreaker)(nil)
	_ core.Unwrapper = (*CircuitBreaker)(nil)
)

// NewCircuitBreaker returns a CircuitBreaker around the store, closed at
// first. Negative options are [core.ErrInvalidOptions].
func NewCircuitBreaker(inner core.Store, options *CircuitBreakerOptions) (*CircuitBreaker, error) {
	var o CircuitBreakerOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("circuit breaker", "the store inside is nil")
	case o.Failures < 0, o.OpenFor < 0, o.Trials < 0:
		return nil, refuseOptions("circuit breaker", "Failures, OpenFor or Trials is negative")
	}
	if o.Failures == 0 {
		o.Failures = 5
	}
	if o.OpenFor == 0 {
		o.OpenFor = 30 * time.Second
	}
	if o.Trials == 0 {
		o.Trials = 1
	}
	if o.IsFailure == nil {
		o.IsFailure = isFailure
	}
	c := &CircuitBreaker{}
	c.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](o.settings())
	c.gated = gated{life: newLife("circuit breaker", inner), inner: inner, gate: breakerGate{c.breaker}}
	return c, nil
}

func (o CircuitBreakerOptions) settings() gobreaker.Settings {
	s := gobreaker.Settings{
		MaxRequests:  uint32(min(o.Trials, 1<<31)),
		Timeout:      o.OpenFor,
		ReadyToTrip:  func(counts gobreaker.Counts) bool { return int(counts.ConsecutiveFailures) >= o.Failures },
		IsSuccessful: func(err error) bool { return !o.failed(err) },
		IsExcluded:   func(err error) bool { return !o.failed(err) && saysNothing(err) },
	}
	if o.OnChange != nil {
		s.OnStateChange = func(_ string, from, to gobreaker.State) { o.OnChange(circuitState(from), circuitState(to)) }
	}
	return s
}

// State returns the state of the breaker now.
func (c *CircuitBreaker) State() CircuitState { return circuitState(c.breaker.State()) }

func circuitState(s gobreaker.State) CircuitState {
	switch s {
	case gobreaker.StateClosed:
		return CircuitClosed
	case gobreaker.StateHalfOpen:
		return CircuitHalfOpen
	}
	return CircuitOpen
}

// failed reports whether a call with that error counts as a failure.
func (o CircuitBreakerOptions) failed(err error) bool {
	some := false
	for e := range core.Errors(err) {
		if some = true; o.IsFailure(e) {
			return true
		}
	}
	return err != nil && !some && o.IsFailure(err)
}

// unasked are the errors of calls that need not have reached the store.
var unasked = []error{
	core.ErrClosed, core.ErrReadOnly, core.ErrInvalidKey, core.ErrInvalidValue, core.ErrInvalidTTL,
	core.ErrInvalidOptions, core.ErrTooLarge, core.ErrTooSmall, errors.ErrUnsupported, context.Canceled,
}

// saysNothing reports whether the error tells nothing about the store.
func saysNothing(err error) bool {
	return slices.ContainsFunc(unasked, func(target error) bool { return errors.Is(err, target) })
}

// isFailure reports whether the error says something about the store rather
// than about the call.
func isFailure(err error) bool {
	return !slices.ContainsFunc(notRetryable, func(target error) bool { return errors.Is(err, target) })
}

// breakerGate is the circuit breaker as a gate.
type breakerGate struct {
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

func (b breakerGate) enter(context.Context) (func(error), error) {
	leave, err := b.breaker.Allow()
	if err != nil {
		return nil, ErrCircuitOpen
	}
	return leave, nil
}
