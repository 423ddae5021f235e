package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// deadline is that of each call in the load.
const deadline = time.Second

// A server that is killed and started again in the middle of a load: every
// call returns, no error is taken for a miss, nothing that was acknowledged and
// kept is lost, and the store works again without being opened anew.
func TestRestart(t *testing.T) {
	for _, b := range backends {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			process := b.kind.Start(t)
			l := &load{t: t, store: b.openStore(t, process.Address), forgets: b.forgets}
			var workers sync.WaitGroup
			for id := range 8 {
				w := &worker{load: l, id: id, random: rand.New(rand.NewPCG(uint64(id), 7))}
				workers.Go(w.run)
			}
			for range 3 {
				time.Sleep(300 * time.Millisecond)
				process.Kill()
				l.epoch.Add(1)                                // odd: it is down
				time.Sleep(2*deadline + 300*time.Millisecond) // calls begin and end meanwhile
				l.epoch.Add(1)                                // even: it is up, or coming
				process.Restart()
			}
			recovers(t, l.store)
			time.Sleep(300 * time.Millisecond)
			l.stop.Store(true)
			workers.Wait()
			if l.during.Load() == 0 || l.acknowledged.Load() < 100 {
				t.Errorf("%d calls while the server was down, %d acknowledged writes: that tests nothing", l.during.Load(), l.acknowledged.Load())
			}
			t.Logf("%d writes acknowledged, %d calls while the server was down", l.acknowledged.Load(), l.during.Load())
		})
	}
}

// load is what goes on while the server is killed.
type load struct {
	t       *testing.T
	store   core.Store
	forgets bool

	stop                 atomic.Bool
	epoch                atomic.Int64 // odd while the server is down for certain
	during, acknowledged atomic.Int64
}

// keysOfWorker is how many keys each worker has for itself.
const keysOfWorker = 5

// worker calls the store, and knows what may lie under its keys.
type worker struct {
	*load
	id       int
	random   *rand.Rand
	epoch    int64 // when possible was last right
	written  int
	possible [keysOfWorker]map[int]bool // 0: nothing
}

const nothing = 0

func (w *worker) key(i int) string { return fmt.Sprintf("worker %d key %d", w.id, i) }

func (w *worker) run() {
	for i := range w.possible {
		w.possible[i] = map[int]bool{nothing: true}
	}
	for !w.stop.Load() {
		i := w.random.IntN(keysOfWorker)
		switch w.random.IntN(6) {
		case 0, 1:
			w.put(i)
		case 2:
			w.delete(i)
		case 3:
			w.getMany()
		default:
			w.get(i)
		}
	}
}

// call makes a call and reports whether it succeeded. A call that begins and
// ends while the server is down must fail.
func (w *worker) call(what string, call func(ctx context.Context) error) bool {
	before := w.load.epoch.Load()
	err := w.bounded(what, call)
	after := w.load.epoch.Load()
	if w.forgets && after != w.epoch {
		for _, possible := range w.possible {
			possible[nothing] = true
		}
		w.epoch = after
	}
	if before == after && before%2 == 1 {
		w.during.Add(1)
		if !isFailure(err) {
			w.t.Errorf("%s while the server is down: %v", what, err)
		}
	}
	if isFailure(err) {
		var e *core.Error
		if !errors.As(err, &e) {
			w.t.Errorf("%s: %v is no core.Error", what, err)
		}
		return false
	}
	return true
}

// bounded fails the test if a call hangs, which a Fatal of another goroutine
// than the test's must not.
func (w *worker) bounded(what string, call func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	hangs := time.AfterFunc(deadline+patience, func() { w.t.Errorf("%s hangs", what) })
	defer hangs.Stop()
	return call(ctx)
}

func (w *worker) put(i int) {
	w.written++
	value := json.RawMessage(fmt.Sprintf(`{"n":%d}`, w.written))
	ok := w.call("put", func(ctx context.Context) error { return w.store.Put(ctx, "load", w.key(i), value, core.NoTTL) })
	if ok {
		w.acknowledged.Add(1)
		w.possible[i] = map[int]bool{w.written: true}
	} else {
		w.possible[i][w.written] = true
	}
}

func (w *worker) delete(i int) {
	var deleted bool
	ok := w.call("delete", func(ctx context.Context) (err error) {
		deleted, err = w.store.Delete(ctx, "load", w.key(i))
		return err
	})
	possible := w.possible[i]
	if !ok {
		possible[nothing] = true
		return
	}
	if !deleted && !possible[nothing] || deleted && len(possible) == 1 && possible[nothing] {
		w.t.Errorf("delete answered %t where there may be %v", deleted, possible)
	}
	w.possible[i] = map[int]bool{nothing: true}
}

// check looks whether an entry may be there.
func (w *worker) check(what string, i int, entry core.Entry) {
	var value struct{ N int }
	if entry.Found() {
		if err := json.Unmarshal(entry.Value, &value); err != nil || value.N == nothing {
			w.t.Errorf("%s: %s, %v", what, entry.Value, err)
		}
	}
	if !w.possible[i][value.N] {
		w.t.Errorf("%s found %d where there may be %v (0: nothing)", what, value.N, w.possible[i])
	}
}

func (w *worker) get(i int) {
	var entry core.Entry
	ok := w.call("get", func(ctx context.Context) (err error) {
		entry, err = w.store.Get(ctx, "load", w.key(i))
		return err
	})
	if ok {
		w.check("get", i, entry)
	}
}

func (w *worker) getMany() {
	keys := make([]string, keysOfWorker)
	for i := range keys {
		keys[i] = w.key(i)
	}
	var entries []core.Entry
	ok := w.call("get many", func(ctx context.Context) (err error) {
		entries, err = w.store.GetMany(ctx, "load", keys)
		return err
	})
	if ok {
		for i, entry := range entries {
			w.check("get many", i, entry)
		}
	}
}
