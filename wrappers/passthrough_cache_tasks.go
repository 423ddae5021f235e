package wrappers

import (
	"context"
	"sync"
	"time"
)

// cachePatience is how long a [PassthroughCache] waits for what no caller
// waits for: a write to the cache, and at the end for all that still runs.
const cachePatience = 5 * time.Second

// cacheTasks are goroutines that may outlive the call which started them, but
// not the store.
type cacheTasks struct {
	ctx    context.Context // done when the store is being closed
	cancel context.CancelFunc

	mutex   sync.Mutex
	ended   bool
	running int
	idle    chan struct{} // closed when all have ended
}

func newCacheTasks() *cacheTasks {
	ctx, cancel := context.WithCancel(context.Background())
	return &cacheTasks{ctx: ctx, cancel: cancel, idle: make(chan struct{})}
}

// start runs the work with the values of ctx, but neither its deadline nor its
// end. It reports false, and runs nothing, after the end.
func (t *cacheTasks) start(ctx context.Context, work func(context.Context)) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.ended {
		return false
	}
	t.running++
	go func() {
		defer t.finish()
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		defer context.AfterFunc(t.ctx, cancel)()
		work(ctx)
	}()
	return true
}

func (t *cacheTasks) finish() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.running--
	if t.ended && t.running == 0 {
		close(t.idle)
	}
}

// end cancels what runs, and waits for it.
func (t *cacheTasks) end() {
	t.mutex.Lock()
	if !t.ended {
		t.ended = true
		t.cancel()
		if t.running == 0 {
			close(t.idle)
		}
	}
	t.mutex.Unlock()
	timer := time.NewTimer(cachePatience)
	defer timer.Stop()
	select {
	case <-t.idle:
	case <-timer.C:
	}
}
