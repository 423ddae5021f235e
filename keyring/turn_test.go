package keyring

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A call that hangs is left at its deadline and keeps its turn. One that was
// left before its turn never happens, and those that wait go on afterwards.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn, prompt := newTurn(), make(chan struct{})
		var done []string
		within := func(timeout time.Duration, name string, wait <-chan struct{}) error {
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			_, err := take(ctx, turn, func() (string, error) {
				if wait != nil {
					<-wait
				}
				done = append(done, name)
				return name, nil
			})
			return err
		}
		if err := within(time.Second, "hangs", prompt); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that hangs = %v", err)
		}
		if err := within(time.Second, "never", nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call behind it = %v", err)
		}
		later := make(chan error)
		go func() { later <- within(time.Hour, "later", nil) }()
		synctest.Wait()
		close(prompt)
		if err := <-later; err != nil {
			t.Errorf("a call with patience = %v", err)
		}
		if !slices.Equal(done, []string{"hangs", "later"}) {
			t.Errorf("what happened is %q", done)
		}
	})
}

func TestTurnAfterPanic(t *testing.T) {
	turn := newTurn()
	cancelable, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, ctx := range []context.Context{context.Background(), cancelable} {
		if _, err := take(ctx, turn, func() (int, error) { panic("dismissed") }); err == nil {
			t.Error("a panic of the driver is no error")
		}
		if n, err := take(ctx, turn, func() (int, error) { return 1, nil }); n != 1 || err != nil {
			t.Errorf("a call afterwards = %v, %v", n, err)
		}
	}
}

func TestTurnWithDoneContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	called := false
	for range 100 {
		if _, err := take(ctx, newTurn(), func() (int, error) { called = true; return 0, nil }); !errors.Is(err, context.Canceled) || called {
			t.Fatalf("a call with a context that is done = %v, called %v", err, called)
		}
	}
}
