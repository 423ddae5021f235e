package wrappers

import (
	"bytes"
	"context"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

// cacheBatch is one read of the primary, with the flights that it is for.
type cacheBatch struct {
	op, collection string
	ctx            context.Context
	cancel         context.CancelFunc
	refresh        bool // nobody may be waiting, and there may be copies already
	flights        []*cacheFlight
	waiting        atomic.Int64 // flights that somebody waits for

	done     chan struct{} // closed when what follows is set
	loaded   bool          // the read came to an end
	err      error         // of the read as a whole
	panicked any
}

// cacheFlight is the load of one key, which every caller joins who needs it
// before another write of the key has ended.
type cacheFlight struct {
	batch   *cacheBatch
	stripe  *cacheStripe
	name    cacheName
	key     string
	traffic *cacheTraffic // pinned

	// What was so when the load began: a copy may be made only if it still is.
	settled bool
	writes  uint64
	doubts  uint64

	waiters int // the stripe's mutex is held

	// Set when the batch is done.
	entry  core.Entry
	err    error
	shared bool // several callers have it
}

// newBatch returns a batch without flights. It has the values of ctx, and ends
// when no caller waits for any of its flights.
func newBatch(ctx context.Context, op, collection string) *cacheBatch {
	b := &cacheBatch{op: op, collection: collection, done: make(chan struct{})}
	b.ctx, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return b
}

// board returns the flight for a key that is under way, or a new one of the
// batch.
func (b *cacheBatch) board(s *cacheStripe, name cacheName) *cacheFlight {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if t := s.traffic[name]; t != nil && t.flight != nil {
		t.flight.waiters++
		return t.flight
	}
	return b.add(s, name)
}

// add adds a flight to the batch. The mutex of the stripe is held.
func (b *cacheBatch) add(s *cacheStripe, name cacheName) *cacheFlight {
	t := s.pin(name)
	f := &cacheFlight{
		batch: b, stripe: s, name: name, key: name.key, traffic: t,
		settled: s.destroying == 0 && t.settled(), writes: t.writes, doubts: s.doubts(),
		waiters: 1,
	}
	t.flight = f
	b.flights = append(b.flights, f)
	b.waiting.Add(1)
	return f
}

// leave says that one caller does not wait any more. When none does, the
// flight cannot be joined, and when that is so of all, the batch is canceled.
func (f *cacheFlight) leave() {
	f.stripe.mutex.Lock()
	f.waiters--
	last := f.waiters == 0
	if last && f.traffic.flight == f {
		f.traffic.flight = nil
	}
	f.stripe.mutex.Unlock()
	if last && f.batch.waiting.Add(-1) == 0 {
		f.batch.cancel()
	}
}

// fly loads the flights of the batch in the background.
func (c *PassthroughCache) fly(b *cacheBatch) {
	started := c.tasks.start(b.ctx, func(ctx context.Context) {
		defer func() {
			b.panicked = recover()
			b.land()
			if b.panicked != nil && b.refresh {
				panic(b.panicked) // nobody else would
			}
		}()
		defer context.AfterFunc(ctx, b.cancel)()
		c.load(b)
		c.fill(ctx, b)
	})
	if !started {
		b.loaded = true
		b.err = core.ErrClosed
		b.land()
	}
}

// land hands the flights of the batch to those who wait.
func (b *cacheBatch) land() {
	for _, f := range b.flights {
		f.stripe.mutex.Lock()
		if f.traffic.flight == f {
			f.traffic.flight = nil
		}
		f.shared = f.waiters > 1
		f.stripe.unpin(f.name)
		f.stripe.mutex.Unlock()
	}
	b.cancel()
	close(b.done)
}

// await waits for the flight, and reports false where the context is done
// before: then the caller has left it.
func (f *cacheFlight) await(ctx context.Context) bool {
	select {
	case <-f.batch.done:
	case <-ctx.Done():
		f.leave()
		return false
	}
	if f.batch.panicked != nil {
		panic(f.batch.panicked)
	}
	return true
}

// result is the outcome of a flight that has landed, for a caller of that
// operation: the entry, his own, or the zero Entry for a miss.
func (c *PassthroughCache) result(f *cacheFlight, op, collection string) (core.Entry, error) {
	err := f.err
	if f.batch.err != nil {
		err = f.batch.err
	}
	switch {
	case !f.batch.loaded:
		return core.Entry{}, c.fail(op, collection, f.key, errPanicked)
	case err != nil && c.tasks.ctx.Err() != nil:
		return core.Entry{}, c.fail(op, collection, f.key, core.ErrClosed)
	case err != nil:
		return core.Entry{}, core.MapErrors(err, func(e core.Error) core.Error {
			e.Op, e.Collection, e.Key = op, collection, f.key
			return e
		})
	case !f.entry.Found() || f.entry.Expired():
		return core.Entry{}, nil
	}
	entry := f.entry
	if f.shared {
		entry.Value = bytes.Clone(entry.Value)
	}
	return entry, nil
}
