package memory_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

func together(n int, work func(worker int)) {
	var wait sync.WaitGroup
	for worker := range n {
		wait.Go(func() { work(worker) })
	}
	wait.Wait()
}

func TestRacingInsertsAndDeletes(t *testing.T) {
	forEach(t, func(t *testing.T, s core.Full) {
		for round := range 20 {
			var inserted, deleted atomic.Int64
			together(1000, func(worker int) {
				if ok, err := s.Insert(t.Context(), "", "k", value(worker), core.NoTTL); err != nil {
					t.Error(err)
				} else if ok {
					inserted.Add(1)
				}
			})
			together(100, func(int) {
				if ok, err := s.Delete(t.Context(), "", "k"); err != nil {
					t.Error(err)
				} else if ok {
					deleted.Add(1)
				}
			})
			if inserted.Load() != 1 || deleted.Load() != 1 {
				t.Fatalf("round %d: %d inserts and %d deletes won", round, inserted.Load(), deleted.Load())
			}
		}
	})
}

// A sweep never removes what a writer has put in the place of what expired.
func TestSweepSparesWhatWasRewritten(t *testing.T) {
	s := newStore(t, &memory.Options{SweepInterval: 10 * time.Microsecond})
	together(8, func(worker int) {
		for i := range 3000 {
			key := fmt.Sprint("k", worker, i%5)
			if err := s.Put(t.Context(), "c", key, value(1), 1); err != nil {
				t.Error(err)
			}
			if err := s.Put(t.Context(), "c", key, value(2), core.NoTTL); err != nil {
				t.Error(err)
			}
			if !has(t, s, "c", key) {
				t.Errorf("an acknowledged write of %s is gone", key)
			}
		}
	})
	if n, err := s.Cull(t.Context()); n != 0 || err != nil {
		t.Errorf("Cull = %d, %v", n, err)
	}
}

// Everything at once, and Close in the middle of it: each call succeeds or is
// ErrClosed, and a closed store holds nothing.
func TestEverythingAtOnce(t *testing.T) {
	for _, options := range []*memory.Options{
		{SweepInterval: time.Microsecond},
		{SweepInterval: time.Microsecond, MaxEntries: 50, MaxBytes: 600},
	} {
		s := newStore(t, options)
		check := func(err error) {
			if err != nil && err != core.ErrNotFound && !errors.Is(err, core.ErrClosed) {
				t.Error(err)
			}
		}
		ctx := t.Context()
		together(16, func(worker int) {
			for i := range 500 {
				collection, key := fmt.Sprint("c", i%3), fmt.Sprint("k", i*worker%100)
				ttl := time.Duration(i%4) * 10 * time.Microsecond
				check(s.Put(ctx, collection, key, value(i), ttl))
				entries, err := s.GetMany(ctx, collection, []string{key, "other"})
				check(err)
				if err == nil && len(entries) != 2 {
					t.Error("GetMany left out an entry")
				}
				_, err = s.Get(ctx, collection, key)
				check(err)
				_, err = s.Insert(ctx, collection, "once", value(i), ttl)
				check(err)
				check(s.PutMany(ctx, collection, []core.Item{{Key: "a", Value: value(1)}, {Key: "b", Value: value(1)}}))
				_, err = s.DeleteMany(ctx, collection, []string{"a", key})
				check(err)
				switch i % 50 {
				case 0:
					for _, err := range s.Keys(ctx, collection) {
						check(err)
					}
				case 10:
					for _, err := range s.Collections(ctx) {
						check(err)
					}
				case 20:
					_, err = s.DestroyCollection(ctx, collection)
					check(err)
				case 30:
					_, err = s.Cull(ctx)
					check(err)
				case 40:
					s.Stats()
					if worker == 7 && i > 400 {
						check(s.Destroy(ctx))
						check(s.Close())
					}
				}
			}
		})
		if err := s.Ping(ctx); !errors.Is(err, core.ErrClosed) {
			t.Error(err)
		}
		if got := s.Stats(); got.Entries != 0 || got.Bytes != 0 {
			t.Errorf("a closed store holds %+v", got)
		}
	}
}
