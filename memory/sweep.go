package memory

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
	"weak"
)

// sweeper runs sweeps from time to time. Between two of them there is a timer
// and no goroutine, and without entries that will expire not even a timer.
type sweeper struct {
	interval time.Duration // negative: never
	planned  atomic.Bool   // a sweep is planned or runs

	mu      sync.Mutex
	timer   *time.Timer
	closed  bool
	running sync.WaitGroup
}

// sweepLater plans a sweep unless there is one already. Writers call it after
// they have stored an item with a time to live.
func (s *Store) sweepLater() {
	w := &s.sweeper
	if w.interval < 0 || w.planned.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.planned.Load() {
		return
	}
	w.planned.Store(true)
	// A timer must not keep a Store alive that was dropped without Close.
	store := weak.Make(s)
	w.timer = time.AfterFunc(w.interval, func() {
		if s := store.Value(); s != nil {
			s.sweep()
		}
	})
}

// sweep removes what has expired, and plans the next sweep where something is
// left that will.
func (s *Store) sweep() {
	w := &s.sweeper
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return
	}
	w.running.Add(1)
	w.mu.Unlock()
	defer w.running.Done()

	s.cull(func() bool { return !s.closed.Load() })
	// In this order, a writer either is seen here or plans the sweep itself.
	w.planned.Store(false)
	if s.expiring() {
		s.sweepLater()
	}
}

// close plans no further sweep and waits for one that runs.
func (w *sweeper) close() {
	w.mu.Lock()
	w.closed = true
	if w.timer != nil {
		w.timer.Stop()
	}
	w.mu.Unlock()
	w.running.Wait()
}

// expiring reports whether there are items with a time to live.
func (s *Store) expiring() bool {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.RLock()
		expiring := sh.expiring
		sh.mu.RUnlock()
		if expiring > 0 {
			return true
		}
	}
	return false
}

// Cull removes all expired entries now and returns how many there were. Other
// callers go on meanwhile. A context that ends stops it half way: the count is
// then of what was removed.
func (s *Store) Cull(ctx context.Context) (int, error) {
	if err := s.begin(ctx, "cull", "", ""); err != nil {
		return 0, err
	}
	count := s.cull(func() bool { return s.begin(ctx, "cull", "", "") == nil })
	return count, s.begin(ctx, "cull", "", "")
}

// cull removes expired items, some chunks at a time, as long as it may go on.
func (s *Store) cull(goOn func() bool) (count int) {
	for i := range s.shards {
		sh := &s.shards[i]
		for _, collection := range sh.expiringNames() {
			for at, more := (cursor{}), true; more; {
				if !goOn() {
					return count
				}
				var removed int
				removed, at, more = sh.cull(collection, at)
				count += removed
			}
		}
	}
	return count
}

// chunksPerSweep is how many chunks a sweep looks at before it lets go of the
// lock, for which readers wait.
const chunksPerSweep = 4

// cull removes the expired items of some chunks. The other results are those
// of table.walk.
func (sh *shard) cull(collection string, at cursor) (removed int, next cursor, more bool) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	t := sh.collections[collection]
	if t == nil {
		return 0, at, false
	}
	now := present()
	next, more = t.walk(at, chunksPerSweep, func(position uint32, it *item) {
		if it.expired(now) {
			sh.remove(t, position)
			removed++
		}
	})
	return removed, next, more
}

// expiringNames returns the collections with items that have a time to live.
func (sh *shard) expiringNames() []string {
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	if sh.expiring == 0 {
		return nil
	}
	var names []string
	for name, t := range sh.collections {
		if t.expiring > 0 {
			names = append(names, name)
		}
	}
	return names
}
