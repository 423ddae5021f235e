package wrappers_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestRateLimit(t *testing.T) {
	options := &wrappers.RateLimitOptions{Rate: 1e9}
	prove(t, wrapping(wrappers.NewRateLimit, options), &storetest.WrapperOptions{Transparent: true}, nil)
}

func TestRateLimitOptions(t *testing.T) {
	for _, options := range []*wrappers.RateLimitOptions{nil, {}, {Rate: -1}, {Rate: math.NaN()}, {Rate: 1, Burst: -1}} {
		if _, err := wrappers.NewRateLimit(newNoop(nil), options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%+v: %v", options, err)
		}
	}
	if _, err := wrappers.NewRateLimit(nil, &wrappers.RateLimitOptions{Rate: 1}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
	for _, rate := range []float64{math.Inf(1), math.MaxFloat64, 0.001} {
		if _, err := wrappers.NewRateLimit(newNoop(nil), &wrappers.RateLimitOptions{Rate: rate}); err != nil {
			t.Errorf("%g per second: %v", rate, err)
		}
	}
}

func TestRateLimitDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := wrappers.NewRateLimit(newNoop(nil), &wrappers.RateLimitOptions{Rate: 10})
		start := time.Now()
		for range 30 {
			if _, err := store.Get(t.Context(), "c", "k"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took < 1990*time.Millisecond || took > 2010*time.Millisecond {
			t.Errorf("30 calls took %v, want 2s after a burst of 10", took)
		}
		if _, err := store.GetMany(t.Context(), "c", make([]string, 100)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 2200*time.Millisecond {
			t.Errorf("a bulk call counted as several: %v", took)
		}
	})
}

func TestRateLimitRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := wrappers.NewRateLimit(newNoop(nil), &wrappers.RateLimitOptions{Rate: 1, Refuse: true})
		if _, err := store.Get(t.Context(), "c", "k"); err != nil {
			t.Fatal(err)
		}
		_, err := store.Get(t.Context(), "c", "k")
		if e, ok := err.(*core.Error); !ok || !errors.Is(err, wrappers.ErrRateLimited) || e.Store != "rate limit" || e.Key != "k" {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Second)
		if _, err := store.Get(t.Context(), "c", "k"); err != nil {
			t.Errorf("a second later: %v", err)
		}
	})
}

func TestRateLimitAndDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := wrappers.NewRateLimit(newNoop(nil), &wrappers.RateLimitOptions{Rate: 1})
		if _, err := store.Get(t.Context(), "c", "k"); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := store.Get(ctx, "c", "k"); !errors.Is(err, wrappers.ErrRateLimited) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 0 {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		if _, err := store.Get(ctx, "c", "k"); !errors.Is(err, context.Canceled) || time.Since(start) != time.Millisecond {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}
