package driver_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// closing is a fake with a Close.
type closing struct {
	*fake
	closed int
	err    error
}

func (c *closing) Close() error {
	c.closed++
	return c.err
}

func TestClose(t *testing.T) {
	b := &closing{fake: newFake(), err: errBroken}
	s := driver.NewStore(b, &driver.Options{Name: "fake"})
	first, second := s.Close(), s.Close()
	if !errors.Is(first, errBroken) || first != second || b.closed != 1 {
		t.Errorf("Close = %v, then %v; the backend was closed %d times", first, second, b.closed)
	}
	if err := s.Put(t.Context(), "c", "", nil, -1); !errors.Is(err, core.ErrClosed) {
		t.Errorf("Put after Close = %v, want ErrClosed before its arguments are looked at", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(done, "c", "k", value, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Put after Close with a context that is done = %v, want the context's error", err)
	}
	if err := driver.NewStore(&closing{fake: newFake()}, nil).Close(); err != nil {
		t.Errorf("Close of a backend that closes well = %v", err)
	}
	if err := driver.NewStore(newFake(), nil).Close(); err != nil {
		t.Errorf("Close of a backend that has none = %v", err)
	}
}

// Close waits for the calls under way, and calls that come meanwhile are refused.
func TestCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &closing{fake: newFake()}
		s := driver.NewStore(b, nil)
		var running bool
		b.before = func(context.Context, string, string) error {
			running = true
			time.Sleep(time.Second)
			running = false
			if b.closed != 0 {
				t.Error("the backend was closed under a call")
			}
			return nil
		}
		var callers sync.WaitGroup
		callers.Go(func() {
			if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
				t.Errorf("the call under way = %v", err)
			}
		})
		synctest.Wait()
		for range 2 {
			callers.Go(func() {
				s.Close()
				if running {
					t.Error("Close returned before the call under way")
				}
			})
		}
		synctest.Wait()
		if _, err := s.Get(t.Context(), "c", "k"); !errors.Is(err, core.ErrClosed) {
			t.Errorf("a call while Close waits = %v", err)
		}
		callers.Wait()
	})
}
