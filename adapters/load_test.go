package adapters_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func TestGetOrLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory(t)
		lists := newTyped[[]int](t, store, nil)
		loads := 0
		load := func(context.Context) ([]int, error) {
			loads++
			time.Sleep(time.Second)
			return []int{loads}, nil
		}
		var group sync.WaitGroup
		var mutex sync.Mutex
		distinct := make(map[*int]bool)
		for range 100 {
			group.Go(func() {
				got, err := lists.GetOrLoad(t.Context(), "k", time.Minute, load)
				if err != nil || len(got) != 1 || got[0] != 1 {
					t.Errorf("got %v, %v", got, err)
					return
				}
				mutex.Lock()
				defer mutex.Unlock()
				distinct[&got[0]] = true
			})
		}
		group.Wait()
		if loads != 1 || len(distinct) != 100 {
			t.Errorf("%d loads, %d slices", loads, len(distinct))
		}
		if got, err := lists.GetOrLoad(t.Context(), "k", time.Minute, load); err != nil || got[0] != 1 || loads != 1 {
			t.Errorf("got %v, %v after %d loads", got, err, loads)
		}
		time.Sleep(time.Minute)
		if got, err := lists.GetOrLoad(t.Context(), "k", time.Minute, load); err != nil || got[0] != 2 {
			t.Errorf("after its time: got %v, %v", got, err)
		}
	})
}

// A caller that gives up fails alone; when all have, the load is cancelled.
func TestGetOrLoadCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		numbers := newTyped[int](t, newMemory(t), nil)
		var ended error
		load := func(ctx context.Context) (int, error) {
			select {
			case <-ctx.Done():
				ended = ctx.Err()
				return 0, ended
			case <-time.After(time.Minute):
				return 7, nil
			}
		}
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() {
			start := time.Now()
			if _, err := numbers.GetOrLoad(hurried, "k", 0, load); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("got %v after %v", err, time.Since(start))
			}
		})
		synctest.Wait()
		group.Go(func() {
			if got, err := numbers.GetOrLoad(t.Context(), "k", 0, load); got != 7 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
		group.Wait()
		if ended != nil {
			t.Errorf("the load ended with %v", ended)
		}

		hurried, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := numbers.GetOrLoad(hurried, "other", 0, load); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if ended == nil {
			t.Error("nobody waits, and the load goes on")
		}
	})
}

func TestGetOrLoadFails(t *testing.T) {
	faulty := storetest.NewFaulty(newMemory(t))
	numbers := newTyped[even](t, faulty, &adapters.TypedOptions{Collection: "c"})
	var loadError *adapters.LoadError
	_, err := numbers.GetOrLoad(t.Context(), "k", 0, func(context.Context) (even, error) { return 0, io.EOF })
	if !errors.As(err, &loadError) || loadError.Collection != "c" || loadError.Key != "k" || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	if want := `load "c"/"k": EOF`; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = numbers.GetOrLoad(t.Context(), "k", 0, func(context.Context) (even, error) { return 3, nil })
	if !errors.Is(err, core.ErrInvalidValue) || errors.As(err, &loadError) && loadError.Err == nil {
		t.Errorf("an invalid value: %v", err)
	}
	if _, err := numbers.Get(t.Context(), "k"); err != core.ErrNotFound {
		t.Errorf("something was stored: %v", err)
	}
	faulty.Inject(storetest.Fault{Method: "Insert", Err: io.ErrClosedPipe})
	got, err := numbers.GetOrLoad(t.Context(), "k", 0, func(context.Context) (even, error) { return 4, nil })
	if got != 4 || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %d, %v, want the value and the error", got, err)
	}
	faulty.Clear()
	faulty.Inject(storetest.Fault{Method: "GetAppend", Err: io.ErrClosedPipe})
	if _, err := numbers.GetOrLoad(t.Context(), "k", 0, nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a store that fails: %v", err)
	}
}

func TestGetOrLoadPanics(t *testing.T) {
	numbers := newTyped[int](t, newMemory(t), nil)
	defer func() {
		if got := recover(); got != "here" {
			t.Errorf("recovered %v", got)
		}
		if got, err := numbers.GetOrLoad(t.Context(), "k", 0, func(context.Context) (int, error) { return 1, nil }); got != 1 || err != nil {
			t.Errorf("after the panic: %d, %v", got, err)
		}
	}()
	numbers.GetOrLoad(t.Context(), "k", 0, func(context.Context) (int, error) { panic("here") })
}

// A test that fails in its load ends the goroutine, and no panic.
func TestGetOrLoadDoesNotReturn(t *testing.T) {
	typed := newTyped[int](t, newMemory(t), nil)
	value, err := typed.GetOrLoad(t.Context(), "k", core.NoTTL, func(context.Context) (int, error) {
		runtime.Goexit()
		return 1, nil
	})
	var failure *adapters.LoadError
	if value != 0 || !errors.As(err, &failure) {
		t.Errorf("got %d, %v", value, err)
	}
	if _, err := typed.Get(t.Context(), "k"); err != core.ErrNotFound {
		t.Errorf("something was stored: %v", err)
	}
}

// What somebody puts while a load is under way stays, and is the answer.
func TestGetOrLoadBesideAPut(t *testing.T) {
	for name, store := range map[string]core.Store{"with insert": newMemory(t), "over something invalid": newMemory(t)} {
		typed := newTyped[int](t, store, &adapters.TypedOptions{Invalid: adapters.InvalidIsMiss})
		want := 2
		if name != "with insert" {
			want = 1
			if err := store.Put(t.Context(), "", "k", []byte(`{"not":"an integer"}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		got, err := typed.GetOrLoad(t.Context(), "k", core.NoTTL, func(ctx context.Context) (int, error) {
			if want == 2 {
				return 1, typed.Put(ctx, "k", 2, core.NoTTL)
			}
			return 1, nil
		})
		if kept, _ := typed.Get(t.Context(), "k"); got != want || kept != want || err != nil {
			t.Errorf("%s: got %d, kept %d, want %d, %v", name, got, kept, want, err)
		}
	}
}
