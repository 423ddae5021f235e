package wrappers_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestCircuitBreaker(t *testing.T) {
	// The suite makes calls fail; none of that may open it.
	options := &wrappers.CircuitBreakerOptions{Failures: 1 << 20}
	prove(t, wrapping(wrappers.NewCircuitBreaker, options), &storetest.WrapperOptions{Transparent: true}, nil)
}

func TestCircuitBreakerOptions(t *testing.T) {
	for _, options := range []*wrappers.CircuitBreakerOptions{{Failures: -1}, {OpenFor: -1}, {Trials: -1}} {
		if _, err := wrappers.NewCircuitBreaker(newNoop(nil), options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%+v: %v", *options, err)
		}
	}
	if _, err := wrappers.NewCircuitBreaker(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
}

func TestCircuitBreakerOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var changes []string
		inner := &flaky{noop: newNoop(nil), errors: slices.Repeat([]error{at("delete", "k", io.EOF)}, 3)}
		store, err := wrappers.NewCircuitBreaker(inner, &wrappers.CircuitBreakerOptions{
			Failures: 2, OpenFor: time.Minute,
			OnChange: func(from, to wrappers.CircuitState) { changes = append(changes, from.String()+" to "+to.String()) },
		})
		if err != nil {
			t.Fatal(err)
		}
		remove := func(want error) {
			t.Helper()
			if _, err := store.Delete(t.Context(), "c", "k"); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		remove(io.EOF)
		remove(io.EOF)
		remove(wrappers.ErrCircuitOpen)
		_, err = store.Delete(t.Context(), "c", "k")
		if e, ok := err.(*core.Error); !ok || e.Op != "delete" || e.Collection != "c" || e.Key != "k" || e.Store != "circuit breaker" {
			t.Errorf("got %#v", err)
		}
		if wrappers.Retryable(err) {
			t.Error("an open circuit breaker is worth a retry")
		}
		if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, wrappers.ErrCircuitOpen) {
			t.Errorf("another method: %v", err)
		}
		for _, err := range core.Keys(t.Context(), store, "c") {
			if !errors.Is(err, wrappers.ErrCircuitOpen) {
				t.Errorf("a listing: %v", err)
			}
		}
		if got := store.State(); got != wrappers.CircuitOpen {
			t.Errorf("it is %v", got)
		}
		wantCalls(t, inner, "delete", "delete")

		time.Sleep(time.Minute + 1)
		remove(io.EOF) // the trial
		remove(wrappers.ErrCircuitOpen)
		time.Sleep(time.Minute + 1)
		remove(nil)
		remove(nil)
		if got := store.State(); got != wrappers.CircuitClosed {
			t.Errorf("it is %v", got)
		}
		want := []string{"closed to open", "open to half open", "half open to open", "open to half open", "half open to closed"}
		if !slices.Equal(changes, want) {
			t.Errorf("it went %q, want %q", changes, want)
		}
		store.Close()
		remove(core.ErrClosed)
	})
}

func TestCircuitBreakerCountsFailuresOnly(t *testing.T) {
	innocent := []error{
		core.ErrNotFound, at("get", "k", core.ErrInvalidKey), at("get", "k", core.ErrCorrupt),
		at("get", "k", context.Canceled), at("get", "k", core.ErrTooLarge), errors.ErrUnsupported,
	}
	inner := &flaky{noop: newNoop(nil), errors: innocent}
	store, _ := wrappers.NewCircuitBreaker(inner, &wrappers.CircuitBreakerOptions{Failures: 1})
	for _, want := range innocent {
		if _, err := store.Get(t.Context(), "c", "k"); err != want {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if got := store.State(); got != wrappers.CircuitClosed {
		t.Errorf("it is %v", got)
	}
}

func TestCircuitBreakerCountsPanics(t *testing.T) {
	store, _ := wrappers.NewCircuitBreaker(panicking{newNoop(nil)}, &wrappers.CircuitBreakerOptions{Failures: 1})
	func() {
		defer func() { recover() }()
		store.Get(t.Context(), "c", "k")
	}()
	if got := store.State(); got != wrappers.CircuitOpen {
		t.Errorf("it is %v", got)
	}
}

// While a half-open breaker lists, its one trial is over: the loop's body may
// call the store.
func TestCircuitBreakerListingHoldsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &flaky{noop: newNoop(nil), errors: []error{at("delete", "k", io.EOF)}}
		store, _ := wrappers.NewCircuitBreaker(inner, &wrappers.CircuitBreakerOptions{Failures: 1, OpenFor: time.Second})
		store.Delete(t.Context(), "c", "k")
		time.Sleep(time.Second + 1)
		for _, err := range core.Keys(t.Context(), store, "c") {
			if err != nil {
				t.Error(err)
			}
			if _, err := store.Delete(t.Context(), "c", "k"); err != nil {
				t.Errorf("in the body: %v", err)
			}
		}
	})
}

// A call that says nothing about the store neither opens the breaker nor closes
// it.
func TestCircuitBreakerOfWrongCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		faulty := storetest.NewFaulty(newMemory(t))
		breaker, err := wrappers.NewCircuitBreaker(faulty, &wrappers.CircuitBreakerOptions{Failures: 3, OpenFor: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		call := func(err error) {
			faulty.Clear()
			faulty.Inject(storetest.Fault{Err: err})
			_, _ = breaker.Get(t.Context(), "c", "k")
		}
		for range 3 {
			call(io.EOF)
			call(context.Canceled)
		}
		if state := breaker.State(); state != wrappers.CircuitOpen {
			t.Errorf("after three failures, and calls that were given up: %v", state)
		}
		time.Sleep(2 * time.Second)
		call(context.Canceled)
		if state := breaker.State(); state != wrappers.CircuitHalfOpen {
			t.Errorf("after a trial that was given up: %v", state)
		}
		faulty.Clear()
		if _, err := breaker.Get(t.Context(), "c", "k"); err != core.ErrNotFound || breaker.State() != wrappers.CircuitClosed {
			t.Errorf("after a trial that was answered: %v, %v", err, breaker.State())
		}
	})
}

// One corrupt entry does not hide that all others of a bulk call failed.
func TestCircuitBreakerOfBulkCalls(t *testing.T) {
	inner := bulkReader{newMemory(t), func(keys []string) ([]core.Entry, error) {
		return make([]core.Entry, len(keys)), errors.Join(
			&core.Error{Op: "get many", Key: "a", Err: core.ErrCorrupt}, &core.Error{Op: "get many", Key: "b", Err: io.EOF})
	}}
	breaker, err := wrappers.NewCircuitBreaker(inner, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, _ = breaker.GetMany(t.Context(), "c", []string{"a", "b"})
	}
	if state := breaker.State(); state != wrappers.CircuitOpen {
		t.Errorf("after five failures: %v", state)
	}
}
