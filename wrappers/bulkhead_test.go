package wrappers_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestBulkhead(t *testing.T) {
	prove(t, wrapping(wrappers.NewBulkhead, nil), &storetest.WrapperOptions{Transparent: true}, nil)
}

func TestBulkheadOfOnePlace(t *testing.T) {
	options := &wrappers.BulkheadOptions{MaxConcurrent: 1}
	prove(t, wrapping(wrappers.NewBulkhead, options), &storetest.WrapperOptions{
		Transparent: true,
	}, nil)
}

func TestBulkheadOptions(t *testing.T) {
	if _, err := wrappers.NewBulkhead(newNoop(nil), &wrappers.BulkheadOptions{MaxConcurrent: -1}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("negative: %v", err)
	}
	if _, err := wrappers.NewBulkhead(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
}

// slow is a store whose Get takes a second and counts its callers.
type slow struct {
	*noop
	mutex     sync.Mutex
	now, most int
}

func (s *slow) Get(context.Context, string, string) (core.Entry, error) {
	s.mutex.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.mutex.Unlock()
	time.Sleep(time.Second)
	s.mutex.Lock()
	s.now--
	s.mutex.Unlock()
	return s.entry, nil
}

func TestBulkheadBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &slow{noop: newNoop(nil)}
		store, _ := wrappers.NewBulkhead(inner, &wrappers.BulkheadOptions{MaxConcurrent: 3, MaxWaiting: 4})
		start := time.Now()
		var group sync.WaitGroup
		var mutex sync.Mutex
		refused := 0
		for range 10 {
			group.Go(func() {
				_, err := store.Get(t.Context(), "c", "k")
				mutex.Lock()
				defer mutex.Unlock()
				switch {
				case errors.Is(err, wrappers.ErrBulkheadFull):
					refused++
				case err != nil:
					t.Error(err)
				}
			})
		}
		group.Wait()
		if inner.most != 3 || refused != 3 {
			t.Errorf("%d at once and %d refused, want 3 and 3", inner.most, refused)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("7 calls in threes took %v", took)
		}
	})
}

func TestBulkheadWaitsForTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := wrappers.NewBulkhead(&slow{noop: newNoop(nil)}, &wrappers.BulkheadOptions{MaxConcurrent: 1})
		go store.Get(t.Context(), "c", "k")
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := store.Get(ctx, "c", "k")
		if took := time.Since(start); took != time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v after %v", err, took)
		}
		if e, ok := err.(*core.Error); !ok || e.Store != "bulkhead" || e.Key != "k" {
			t.Errorf("got %#v", err)
		}
		time.Sleep(time.Second) // until the first has ended
	})
}

func TestBulkheadRefusesToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := wrappers.NewBulkhead(&slow{noop: newNoop(nil)}, &wrappers.BulkheadOptions{MaxConcurrent: 1, MaxWaiting: -1})
		go store.Get(t.Context(), "c", "k")
		synctest.Wait()
		if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, wrappers.ErrBulkheadFull) {
			t.Errorf("got %v", err)
		}
		time.Sleep(2 * time.Second)
		if _, err := store.Get(t.Context(), "c", "k"); err != nil {
			t.Errorf("with a place: %v", err)
		}
	})
}

// A place that a panic left behind would be lost for good.
func TestBulkheadPanics(t *testing.T) {
	store, _ := wrappers.NewBulkhead(panicking{newNoop(nil)}, &wrappers.BulkheadOptions{MaxConcurrent: 1, MaxWaiting: -1})
	for range 3 {
		func() {
			defer func() {
				if recover() != "here" {
					t.Error("no place was left")
				}
			}()
			store.Get(t.Context(), "c", "k")
		}()
	}
}
