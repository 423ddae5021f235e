package dynamodb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

// A server that is killed under load and started again: every call returns, no
// failure is a miss, what was acknowledged is there, and the store goes on.
func TestRestart(t *testing.T) {
	t.Parallel()
	server := servers.DynamoDB.Start(t)
	store := borrow(t, newClient(server.URL()), nil)
	// The first calls of the server take seconds.
	if err := store.Put(t.Context(), "c", "there", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	var (
		stop           atomic.Bool
		state          atomic.Int64 // odd while the server is down for certain
		workers        sync.WaitGroup
		written, while atomic.Int64
	)
	const load = 8
	for n := range load {
		w := &worker{t: t, store: store, key: fmt.Sprint("key", n), state: &state, written: &written, while: &while, uncertain: map[int]bool{}}
		workers.Go(func() {
			for !stop.Load() {
				w.step()
			}
		})
	}
	for range 2 {
		for before := written.Load(); written.Load() < before+50; {
			time.Sleep(10 * time.Millisecond)
		}
		server.Kill()
		state.Add(1)
		time.Sleep(500 * time.Millisecond)
		state.Add(1)
		server.Restart()
	}
	recovers(t, store)
	stop.Store(true)
	workers.Wait()
	if while.Load() == 0 {
		t.Error("there were no calls while the server was down: that tests nothing")
	}
	t.Logf("%d writes acknowledged, %d calls failed while the server was down", written.Load(), while.Load())
}

// worker writes and reads one key, and knows what may lie under it: what was
// acknowledged last, or what may have been written although the call failed.
type worker struct {
	t              *testing.T
	store          *dynamodb.Store
	key            string
	state          *atomic.Int64
	written, while *atomic.Int64

	n            int
	acknowledged int
	uncertain    map[int]bool // those of which it is not known whether they were written
}

func (w *worker) step() {
	w.n++
	next := w.n
	err := w.call("Put", func(ctx context.Context) error {
		return w.store.Put(ctx, "load", w.key, json.RawMessage(fmt.Sprintf(`{"n":%d}`, next)), core.NoTTL)
	})
	if err == nil {
		w.acknowledged = next
		w.written.Add(1)
	} else {
		w.uncertain[next] = true
	}
	var entry core.Entry
	err = w.call("Get", func(ctx context.Context) (err error) {
		entry, err = w.store.Get(ctx, "load", w.key)
		return err
	})
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return
	}
	var found struct{ N int }
	if err == nil {
		if err := json.Unmarshal(entry.Value, &found); err != nil {
			w.t.Errorf("read %s: %v", entry.Value, err)
		}
	}
	if found.N != w.acknowledged && !w.uncertain[found.N] {
		w.t.Errorf("%q has %d, want %d, which was acknowledged, or one of %v", w.key, found.N, w.acknowledged, w.uncertain)
	}
}

// call makes a call, which must be an error if the server was down all the time.
func (w *worker) call(what string, call func(ctx context.Context) error) error {
	const deadline = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	before, start := w.state.Load(), time.Now()
	err := call(ctx)
	if took := time.Since(start); took > deadline+patience {
		w.t.Errorf("%s took %v", what, took)
	}
	if before%2 == 1 && before == w.state.Load() {
		w.while.Add(1)
		if err == nil || errors.Is(err, core.ErrNotFound) {
			w.t.Errorf("%s while the server is down = %v, want an error", what, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return err
}
