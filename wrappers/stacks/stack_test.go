package stacks

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// layer is one wrapper with its options. It is made anew over every store.
type layer struct {
	name string
	wrap func(inner core.Store) (core.Store, error)
}

// stack is layers from the innermost to the outermost.
type stack []layer

// drawStack draws a stack of 1 to 6 wrappers.
func drawStack(t *rapid.T) stack {
	kinds := rapid.SliceOfN(rapid.SampledFrom(catalogue), 1, 6).Draw(t, "kinds")
	var s stack
	for _, k := range kinds {
		s = append(s, layer{k.name, k.draw(t)})
	}
	return s
}

// String names the layers, the outermost first.
func (s stack) String() string {
	var names []string
	for _, l := range s {
		names = append([]string{l.name}, names...)
	}
	return strings.Join(names, "(") + "(memory" + strings.Repeat(")", len(s))
}

// over makes the wrappers around the store.
func (s stack) over(t interface{ Fatalf(string, ...any) }, store core.Store) core.Store {
	for _, l := range s {
		wrapped, err := l.wrap(store)
		if err != nil {
			t.Fatalf("%s: %v", l.name, err)
		}
		store = wrapped
	}
	return store
}

// kind is a wrapper whose options are to be drawn. Those are such that a stack
// with it behaves like a store without, as far as a caller can see.
type kind struct {
	name string
	draw func(t *rapid.T) func(core.Store) (core.Store, error)
}

// with makes of a constructor and its options what a layer needs.
func with[W core.Full, O any](newWrapper func(core.Store, *O) (W, error), options *O) func(core.Store) (core.Store, error) {
	return func(inner core.Store) (core.Store, error) { return newWrapper(inner, options) }
}

var catalogue = []kind{
	{"Retry", func(t *rapid.T) func(core.Store) (core.Store, error) {
		return with(wrappers.NewRetry, &wrappers.RetryOptions{MaxRetries: rapid.IntRange(0, 2).Draw(t, "retries")})
	}},
	{"Timeout", func(t *rapid.T) func(core.Store) (core.Store, error) {
		return with(wrappers.NewTimeout, &wrappers.TimeoutOptions{Timeout: time.Hour, Cooperative: rapid.Bool().Draw(t, "cooperative")})
	}},
	{"CircuitBreaker", func(*rapid.T) func(core.Store) (core.Store, error) {
		return with(wrappers.NewCircuitBreaker, &wrappers.CircuitBreakerOptions{Failures: 1 << 20})
	}},
	{"Bulkhead", func(t *rapid.T) func(core.Store) (core.Store, error) {
		return with(wrappers.NewBulkhead, &wrappers.BulkheadOptions{MaxConcurrent: rapid.IntRange(1, 9).Draw(t, "places")})
	}},
	{"RateLimit", func(*rapid.T) func(core.Store) (core.Store, error) {
		return with(wrappers.NewRateLimit, &wrappers.RateLimitOptions{Rate: 1e9})
	}},
}
