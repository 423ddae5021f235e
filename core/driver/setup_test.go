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

// tables is a fake that needs a database and a table for each collection.
type tables struct {
	*fake
	there map[string]bool
}

func newTables() (*tables, *driver.Store) {
	b := &tables{newFake(), make(map[string]bool)}
	return b, driver.NewStore(b, &driver.Options{Name: "tables"})
}

func (b *tables) Setup(ctx context.Context) error {
	return b.enter(ctx, "setup", "")
}

func (b *tables) SetupCollection(ctx context.Context, collection string) error {
	if err := b.enter(ctx, "setup collection", collection); err != nil {
		return err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.there[collection] = true
	return nil
}

func (b *tables) drop(collection string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	delete(b.there, collection)
}

func (b *tables) missing(collection string) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !b.there[collection] {
		return driver.ErrNotSetUp
	}
	return nil
}

func (b *tables) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := b.missing(collection); err != nil {
		return core.Entry{}, err
	}
	return b.fake.Get(ctx, collection, key)
}

func (b *tables) Put(ctx context.Context, record *driver.Record) error {
	if err := b.missing(record.Collection); err != nil {
		return err
	}
	return b.fake.Put(ctx, record)
}

func (b *tables) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	if err := b.missing(collection); err != nil {
		return false, err
	}
	return b.fake.Delete(ctx, collection, key, now)
}

func (b *tables) DestroyCollection(ctx context.Context, collection string, _ time.Time) (bool, error) {
	if err := b.missing(collection); err != nil {
		return false, err
	}
	b.drop(collection)
	return true, nil
}

func (b *tables) Destroy(context.Context) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	clear(b.there)
	return nil
}

func (b *tables) Keys(_ context.Context, collection string) (driver.Pager, error) {
	return nil, b.missing(collection)
}

func TestReadsDoNotSetUp(t *testing.T) {
	b, s := newTables()
	if _, err := s.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v", err)
	}
	if entries, err := s.GetMany(t.Context(), "c", []string{"k", "l"}); len(entries) != 2 || err != nil {
		t.Errorf("GetMany = %v, %v", entries, err)
	}
	if live, err := s.Delete(t.Context(), "c", "k"); live || err != nil {
		t.Errorf("Delete = %v, %v", live, err)
	}
	if count, err := s.DeleteMany(t.Context(), "c", []string{"k", "l"}); count != 0 || err != nil {
		t.Errorf("DeleteMany = %v, %v", count, err)
	}
	if existed, err := s.DestroyCollection(t.Context(), "c"); existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v", existed, err)
	}
	for name, err := range s.Keys(t.Context(), "c") {
		t.Errorf("Keys gave %q, %v", name, err)
	}
	if n := b.count("setup") + b.count("setup collection"); n != 0 {
		t.Errorf("reads set up %d times", n)
	}
}

func TestSetupOnce(t *testing.T) {
	b, s := newTables()
	var writers sync.WaitGroup
	for range 50 {
		writers.Go(func() {
			if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
				t.Error(err)
			}
			if err := s.PutMany(t.Context(), "d", []core.Item{item("a"), item("b")}); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if err := s.Setup(t.Context(), "c", "", "d"); err != nil {
		t.Error(err)
	}
	if b.count("setup") != 1 || b.count("setup collection") != 3 {
		t.Errorf("calls: %q", b.calls[:5])
	}
	if !b.there[core.DefaultCollection] {
		t.Error("Setup did not take an empty name for the default collection")
	}
}

// A failure is reported to all who waited, and repeated by the next call.
func TestSetupFailure(t *testing.T) {
	b, s := newTables()
	b.before = func(_ context.Context, op, _ string) error {
		if op == "setup" {
			return errBroken
		}
		return nil
	}
	for range 2 {
		err := s.Put(t.Context(), "c", "k", value, 0)
		var e *core.Error
		if !errors.Is(err, core.ErrSetup) || !errors.Is(err, errBroken) || !errors.As(err, &e) || e.Key != "k" {
			t.Errorf("Put = %v, want ErrSetup and the cause", err)
		}
	}
	if err := s.Setup(t.Context()); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Setup = %v", err)
	}
	b.before = func(_ context.Context, op, _ string) error {
		if op == "setup collection" {
			return errBroken
		}
		return nil
	}
	if err := s.Setup(t.Context(), "c"); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Setup = %v", err)
	}
	b.before = nil
	if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
		t.Errorf("Put after the failure is over = %v", err)
	}
	if n := b.count("setup"); n != 4 {
		t.Errorf("setup ran %d times, want 3 failures and the success", n)
	}
}

// Whoever waits is not failed by the first caller's context.
func TestSetupLeaderGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s := newTables()
		b.before = func(ctx context.Context, op, _ string) error {
			if op != "setup" {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Minute):
				return nil
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var callers sync.WaitGroup
		callers.Go(func() {
			if err := s.Put(ctx, "c", "k", value, 0); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the first = %v", err)
			}
		})
		synctest.Wait()
		impatient, stop := context.WithTimeout(t.Context(), time.Millisecond)
		defer stop()
		callers.Go(func() {
			if err := s.Put(impatient, "c", "k", value, 0); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("one that waits less long = %v", err)
			}
		})
		callers.Go(func() {
			if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
				t.Errorf("one that waits on = %v", err)
			}
		})
		callers.Wait()
	})
}

// A setup that panics does not leave the others waiting.
func TestSetupPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s := newTables()
		b.before = func(_ context.Context, op, _ string) error {
			time.Sleep(time.Second)
			if op == "setup" && b.count("setup") == 1 {
				panic("the first one")
			}
			return nil
		}
		var callers sync.WaitGroup
		callers.Go(func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Put(t.Context(), "c", "k", value, 0)
		})
		synctest.Wait()
		callers.Go(func() {
			if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
				t.Error(err)
			}
		})
		callers.Wait()
	})
}

// A table that was dropped by us or by others is made again by the next write.
func TestSetupAgain(t *testing.T) {
	b, s := newTables()
	put := func() {
		t.Helper()
		if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
			t.Errorf("Put = %v", err)
		}
	}
	put()
	b.drop("c")
	put()
	if existed, err := s.DestroyCollection(t.Context(), "c"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v", existed, err)
	}
	put()
	if err := s.Destroy(t.Context()); err != nil {
		t.Error(err)
	}
	put()
	if err := s.PutMany(t.Context(), "c", []core.Item{item("a")}); err != nil {
		t.Errorf("PutMany = %v", err)
	}

	// Many writers find the table gone at once: one of them makes it again.
	before := b.count("setup collection")
	b.drop("c")
	var writers sync.WaitGroup
	for range 20 {
		writers.Go(put)
	}
	writers.Wait()
	if again := b.count("setup collection") - before; again != 1 {
		t.Errorf("set up %d times for 20 writers", again)
	}

	// One that finds the table gone after another has made it again does not
	// make it a third time.
	before = b.count("setup collection")
	b.before = func(_ context.Context, op, _ string) error {
		if op != "put" {
			return nil
		}
		b.before = nil
		b.drop("c")
		put() // another writer, which makes it again
		return driver.ErrNotSetUp
	}
	put()
	if again := b.count("setup collection") - before; again != 1 {
		t.Errorf("set up %d times for two writers, one after the other", again)
	}

	// A table that cannot be made to stay is an error, not an endless loop.
	b.before = func(_ context.Context, op, _ string) error {
		if op == "put" {
			return driver.ErrNotSetUp
		}
		return nil
	}
	if err := s.Put(t.Context(), "c", "k", value, 0); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Put = %v, want ErrSetup", err)
	}
	b.before = func(_ context.Context, op, _ string) error {
		if op == "put" {
			return driver.ErrNotSetUp
		}
		if op == "setup collection" {
			return errBroken
		}
		return nil
	}
	if err := s.Put(t.Context(), "c", "k", value, 0); !errors.Is(err, core.ErrSetup) || !errors.Is(err, errBroken) {
		t.Errorf("Put = %v, want ErrSetup and the cause", err)
	}
}
