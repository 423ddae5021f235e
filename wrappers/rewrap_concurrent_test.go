package wrappers_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// delaying returns a store whose calls each take the time.
func delaying(inner core.Store, took time.Duration, methods ...string) core.Store {
	faulty := storetest.NewFaulty(inner)
	for _, method := range methods {
		faulty.Inject(storetest.Fault{Method: method, Delay: took})
	}
	return faulty
}

// owner writes and deletes its key, which nobody else does, and sees what it
// did last whenever it looks.
func owner(t *testing.T, store core.Store, key string, random *rand.Rand) {
	last := -1 // none
	for i := range 20 {
		ctx := t.Context()
		time.Sleep(time.Duration(random.IntN(5)) * time.Millisecond)
		switch random.IntN(5) {
		case 0:
			if _, err := store.Delete(ctx, "", key); err != nil {
				t.Error(err)
			}
			last = -1
		case 1:
			if _, err := store.DeleteMany(ctx, "", []string{"none", key}); err != nil {
				t.Error(err)
			}
			last = -1
		case 2:
			items := []core.Item{{Key: "rest", Value: number(0)}, {Key: key, Value: number(i)}}
			if err := store.PutMany(ctx, "", items); err != nil {
				t.Error(err)
			}
			last = i
		case 3:
			if done, err := core.Insert(ctx, store, "", key, number(i), core.NoTTL); err != nil || done != (last < 0) {
				t.Errorf("insert of %s: %v, %v, where the last write was %d", key, done, err, last)
			} else if done {
				last = i
			}
		default:
			if err := store.Put(ctx, "", key, number(i), core.NoTTL); err != nil {
				t.Error(err)
			}
			last = i
		}
		time.Sleep(time.Duration(random.IntN(5)) * time.Millisecond)
		switch entry, err := store.Get(ctx, "", key); {
		case last < 0 && !errors.Is(err, core.ErrNotFound):
			t.Errorf("%s was deleted, and is %s, %v", key, entry.Value, err)
		case last >= 0 && (err != nil || string(entry.Value) != string(number(last))):
			t.Errorf("%s was set to %s, and is %s, %v", key, number(last), entry.Value, err)
		}
	}
}

// A write that was under way before the Rewrap ends before it, whatever the
// method: what it did stays done.
func TestRewrapAfterWriters(t *testing.T) {
	for method, write := range map[string]func(ctx context.Context, s core.Full, key string) error{
		"Put": func(ctx context.Context, s core.Full, key string) error {
			return s.Put(ctx, "", key, number(1), core.NoTTL)
		},
		"PutMany": func(ctx context.Context, s core.Full, key string) error {
			return s.PutMany(ctx, "", []core.Item{{Key: "another", Value: number(0)}, {Key: key, Value: number(1)}})
		},
		"Delete": func(ctx context.Context, s core.Full, key string) error {
			_, err := s.Delete(ctx, "", key)
			return err
		},
		"DeleteMany": func(ctx context.Context, s core.Full, key string) error {
			_, err := s.DeleteMany(ctx, "", []string{"another", key})
			return err
		},
		"DestroyCollection": func(ctx context.Context, s core.Full, _ string) error {
			_, err := s.DestroyCollection(ctx, "")
			return err
		},
		"Destroy": func(ctx context.Context, s core.Full, _ string) error { return s.Destroy(ctx) },
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, inner, rotate := t.Context(), newMemory(t), rotations(t)["encryption"]
			before, _, _ := rotate(t, inner)
			keys := fillRewrap(t, before, 2)
			faulty := storetest.NewFaulty(inner)
			faulty.Inject(storetest.Fault{Method: method, Delay: 2 * time.Second, Times: 1})
			faulty.Inject(storetest.Fault{Method: "PutMany", Delay: 2 * time.Second})
			_, during, after := rotate(t, faulty)
			var wait sync.WaitGroup
			wait.Go(func() {
				if err := write(ctx, during, keys[0]); err != nil {
					t.Errorf("%s: %v", method, err)
				}
			})
			time.Sleep(time.Second)
			if _, err := during.Rewrap(ctx, ""); err != nil {
				t.Errorf("%s: %v", method, err)
			}
			wait.Wait()
			entry, err := after.Get(ctx, "", keys[0])
			put := method == "Put" || method == "PutMany"
			if put && string(entry.Value) != string(number(1)) || !put && !errors.Is(err, core.ErrNotFound) {
				t.Errorf("%s was undone: got %s, %v", method, entry.Value, err)
			}
		})
	}
}

// Nothing is lost and nothing comes back while a collection is rewrapped: every
// key has an owner, who would see it. Time is the bubble's, so that each call
// below takes some and the calls meet in every way.
func TestRewrapWhileInUse(t *testing.T) {
	for name, rotate := range rotations(t) {
		for seed := range uint64(10) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				inner := newMemory(t)
				before, _, _ := rotate(t, inner)
				keys := fillRewrap(t, before, 250)
				delayed := delaying(inner, 3*time.Millisecond, "GetMany", "PutMany", "Put", "Delete", "DeleteMany", "Insert")
				_, during, after := rotate(t, delayed)
				var wait sync.WaitGroup
				for _, key := range keys[:50] {
					random := rand.New(rand.NewPCG(seed, random.Uint64()))
					wait.Go(func() {
						// What it finds was there before its first write.
						if _, err := during.Delete(t.Context(), "", key); err != nil {
							t.Error(err)
						}
						owner(t, during, key, random)
					})
				}
				for range 2 { // two at once do no harm
					wait.Go(func() {
						if _, err := during.Rewrap(t.Context(), ""); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					})
				}
				wait.Wait()
				for _, key := range keys[50:] {
					if _, err := after.Get(t.Context(), "", key); err != nil {
						t.Errorf("%s: %s was not rewrapped: %v", name, key, err)
					}
				}
			})
		}
	}
}

// The same in real time, for the race detector.
func TestRewrapRace(t *testing.T) {
	inner := newMemory(t)
	before, during, _ := rotations(t)["encryption"](t, inner)
	keys := fillRewrap(t, before, 300)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := worker; i < len(keys); i += 4 {
				want := fmt.Sprintf(`{"worker":%d}`, worker)
				if err := during.Put(t.Context(), "", keys[i], []byte(want), core.NoTTL); err != nil {
					t.Error(err)
				}
				if i%8 < 4 {
					during.Delete(t.Context(), "", keys[i])
					want = ""
				}
				if entry, _ := during.Get(t.Context(), "", keys[i]); string(entry.Value) != want {
					t.Errorf("%s is %s, want %s", keys[i], entry.Value, want)
				}
			}
		})
	}
	for range 2 {
		wait.Go(func() {
			for range 5 {
				if _, err := during.Rewrap(t.Context(), ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}

// An entry that expires while it is rewrapped does not come back.
func TestRewrapExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, inner, rotate := t.Context(), newMemory(t), rotations(t)["encryption"]
		before, _, after := rotate(t, inner)
		before.Put(ctx, "", "short", number(1), time.Second)
		before.Put(ctx, "", "long", number(2), time.Minute)
		_, during, _ := rotate(t, delaying(inner, 2*time.Second, "PutMany"))
		if n, err := during.Rewrap(ctx, ""); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		if _, err := after.Get(ctx, "", "short"); !errors.Is(err, core.ErrNotFound) {
			t.Errorf("what has expired is back: %v", err)
		}
		if _, err := after.Get(ctx, "", "long"); err != nil {
			t.Error(err)
		}
	})
}

// Who meets a Rewrap that hangs waits no longer than the context permits, and
// nobody else waits.
func TestRewrapWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := newMemory(t)
		rotate := rotations(t)["fernet"]
		before, _, _ := rotate(t, inner)
		keys := fillRewrap(t, before, 3)
		_, during, _ := rotate(t, delaying(inner, time.Hour, "GetMany"))
		done := make(chan error)
		go func() {
			_, err := during.Rewrap(t.Context(), "")
			done <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if _, err := during.Get(ctx, "", keys[0]); err != nil {
			t.Error(err)
		}
		if err := during.Put(ctx, "", "another", number(0), core.NoTTL); err != nil {
			t.Error(err)
		}
		if err := during.Put(ctx, "another", keys[0], number(0), core.NoTTL); err != nil {
			t.Error(err)
		}
		if passed := time.Since(start); passed != 0 {
			t.Errorf("others waited for %v", passed)
		}
		var wait sync.WaitGroup
		for name, call := range map[string]func() error{
			"Put":        func() error { return during.Put(ctx, "", keys[0], number(0), core.NoTTL) },
			"Delete":     func() error { _, err := during.Delete(ctx, "", keys[0]); return err },
			"DeleteMany": func() error { _, err := during.DeleteMany(ctx, "", []string{"another", keys[1]}); return err },
			"Insert":     func() error { _, err := during.Insert(ctx, "", keys[0], number(0), core.NoTTL); return err },
			"PutMany": func() error {
				return during.PutMany(ctx, "", []core.Item{{Key: "third", Value: number(0)}, {Key: keys[2], Value: number(0)}})
			},
			"DestroyCollection": func() error { _, err := during.DestroyCollection(ctx, ""); return err },
			"Destroy":           func() error { return during.Destroy(ctx) },
		} {
			wait.Go(func() {
				var failure *core.Error
				if err := call(); !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &failure) {
					t.Errorf("%s: %v, want that the deadline has passed", name, err)
				}
			})
		}
		wait.Wait()
		if passed := time.Since(start); passed != time.Minute {
			t.Errorf("waited for %v, want a minute", passed)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := during.Destroy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
