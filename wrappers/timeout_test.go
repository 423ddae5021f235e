package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestTimeout(t *testing.T) {
	for name, options := range map[string]*wrappers.TimeoutOptions{
		"default":     nil,
		"cooperative": {Timeout: time.Minute, Cooperative: true},
	} {
		t.Run(name, func(t *testing.T) {
			prove(t, wrapping(wrappers.NewTimeout, options), &storetest.WrapperOptions{Transparent: true}, nil)
		})
	}
}

func TestTimeoutOptions(t *testing.T) {
	if _, err := wrappers.NewTimeout(newNoop(nil), &wrappers.TimeoutOptions{Timeout: -1}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("a negative timeout: %v", err)
	}
	if _, err := wrappers.NewTimeout(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
}

// deaf is a store that answers when it is woken, whatever its context says.
type deaf struct {
	*noop
	wake    chan struct{}
	woken   chan struct{}
	written json.RawMessage
	items   []core.Item
	keys    []string
}

func newDeaf() *deaf {
	return &deaf{noop: newNoop(json.RawMessage(`{"late":true}`)), wake: make(chan struct{}), woken: make(chan struct{}, 1)}
}

func (d *deaf) sleep() {
	<-d.wake
	d.woken <- struct{}{}
}

func (d *deaf) Get(context.Context, string, string) (core.Entry, error) {
	d.sleep()
	return d.entry, nil
}

func (d *deaf) GetAppend(_ context.Context, _, _ string, dst []byte) (core.Entry, error) {
	d.sleep()
	return core.Entry{Value: append(dst, "late"...)}, nil
}

func (d *deaf) GetMany(_ context.Context, _ string, keys []string) ([]core.Entry, error) {
	<-d.wake
	d.keys = keys
	d.woken <- struct{}{}
	return nil, nil
}

func (d *deaf) Put(_ context.Context, _, _ string, value json.RawMessage, _ time.Duration) error {
	<-d.wake
	d.written = value
	d.woken <- struct{}{}
	return nil
}

func (d *deaf) PutMany(_ context.Context, _ string, items []core.Item) error {
	<-d.wake
	d.items = items
	d.woken <- struct{}{}
	return nil
}

func (d *deaf) Keys(context.Context, string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if yield("first", nil) {
			d.sleep()
			yield("late", nil)
		}
	}
}

func TestTimeoutOfADeafStore(t *testing.T) {
	value := json.RawMessage(`{"secret":"hunter2"}`)
	keys := []string{"a", "b"}
	items := []core.Item{{Key: "a", Value: value}}
	buffer := make([]byte, 4, 64)
	for name, call := range map[string]func(context.Context, core.Store) error{
		"get": func(ctx context.Context, s core.Store) error { _, err := s.Get(ctx, "c", "k"); return err },
		"get append": func(ctx context.Context, s core.Store) error {
			_, err := core.GetAppend(ctx, s, "c", "k", buffer)
			return err
		},
		"get many":    func(ctx context.Context, s core.Store) error { _, err := s.GetMany(ctx, "c", keys); return err },
		"put":         func(ctx context.Context, s core.Store) error { return s.Put(ctx, "c", "k", value, 0) },
		"put many":    func(ctx context.Context, s core.Store) error { return s.PutMany(ctx, "c", items) },
		"second name": secondName,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inner := newDeaf()
				store, err := wrappers.NewTimeout(inner, &wrappers.TimeoutOptions{Timeout: time.Second})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				err = call(t.Context(), store)
				if took := time.Since(start); took != time.Second {
					t.Errorf("answered after %v, want 1s", took)
				}
				if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 1s") {
					t.Errorf("answered %v", err)
				}
				if e, ok := err.(*core.Error); !ok || e.Collection != "c" || e.Store != "timeout" {
					t.Errorf("answered a %#v", err)
				}

				earlier, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				start = time.Now()
				err = call(earlier, store)
				if took := time.Since(start); took != time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("answered after %v: %v", took, err)
				}

				// What is the caller's again may change now.
				copy(value, `{"changed":1}`)
				keys[0], items[0].Key = "changed", "changed"
				copy(buffer[4:8], "mine")
				for range 2 {
					inner.wake <- struct{}{}
					<-inner.woken
				}
				for _, late := range []string{string(inner.written), strings.Join(inner.keys, " ")} {
					if strings.Contains(late, "changed") {
						t.Errorf("the late store saw %s", late)
					}
				}
				for _, item := range inner.items {
					if item.Key == "changed" || strings.Contains(string(item.Value), "changed") {
						t.Errorf("the late store saw %s", item.Key)
					}
				}
				if got := string(buffer[4:8]); got != "mine" {
					t.Errorf("the late store wrote %q", got)
				}
				copy(value, `{"secret":"hunter2"}`)
				keys[0], items[0].Key = "a", "a"
			}) // fails if a goroutine is left
		})
	}
}

func secondName(ctx context.Context, s core.Store) error {
	var last error
	for _, err := range core.Keys(ctx, s, "c") {
		last = err
	}
	return last
}

func TestTimeoutDoesNotCountTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := newDeaf()
		close(inner.wake)
		store, _ := wrappers.NewTimeout(inner, &wrappers.TimeoutOptions{Timeout: time.Second})
		var names []string
		for name, err := range core.Keys(t.Context(), store, "c") {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
			time.Sleep(time.Hour)
		}
		if got := strings.Join(names, " "); got != "first late" {
			t.Errorf("listed %q", got)
		}
	})
}

func TestTimeoutPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, _ := wrappers.NewTimeout(panicking{newNoop(nil)}, nil)
		for name, call := range map[string]func(){
			"get":  func() { store.Get(t.Context(), "c", "k") },
			"keys": func() { secondName(t.Context(), store) },
			"body": func() {
				inner := newDeaf()
				store, _ := wrappers.NewTimeout(inner, nil)
				for range core.Keys(t.Context(), store, "c") {
					panic("here")
				}
			},
		} {
			func() {
				defer func() {
					if got := recover(); got != "here" {
						t.Errorf("%s: recovered %v", name, got)
					}
				}()
				call()
			}()
		}
	})
}

// panicking is a store that panics.
type panicking struct{ *noop }

func (panicking) Get(context.Context, string, string) (core.Entry, error) { panic("here") }

func (panicking) Keys(context.Context, string) iter.Seq2[string, error] {
	return func(func(string, error) bool) { panic("here") }
}

// A loop that is left at the moment when the time is over goes on at once.
func TestTimeoutOfAListingThatIsLeft(t *testing.T) {
	inner := newMemory(t)
	for i := range 10 {
		if err := inner.Put(t.Context(), "c", fmt.Sprint("key ", i), json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	for _, timeout := range []time.Duration{time.Microsecond, 20 * time.Microsecond, 100 * time.Microsecond} {
		store := wrapping(wrappers.NewTimeout, &wrappers.TimeoutOptions{Timeout: timeout})(t, inner)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			var callers sync.WaitGroup
			defer callers.Wait()
			for range 8 {
				callers.Go(func() {
					for range 500 {
						for range core.Keys(t.Context(), store, "c") {
							break
						}
					}
				})
			}
		}()
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			t.Fatalf("callers hang with a timeout of %v", timeout)
		}
	}
}

// exiting is a store whose writes end the goroutine.
type exiting struct{ core.Store }

func (exiting) Put(context.Context, string, string, json.RawMessage, time.Duration) error {
	runtime.Goexit()
	return nil
}

func TestTimeoutOfACallThatDoesNotReturn(t *testing.T) {
	store := wrapping(wrappers.NewTimeout, nil)(t, exiting{newMemory(t)})
	defer func() {
		if recover() == nil {
			t.Error("a write that did not happen was answered without a panic")
		}
	}()
	err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL)
	t.Errorf("put answered %v", err)
}
