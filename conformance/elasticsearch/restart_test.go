package elasticsearch_test

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
)

// A server that is killed and started again under load: every call returns, no
// failure is a miss, what was acknowledged is there, and the store works again
// without being opened anew.
func TestRestart(t *testing.T) {
	process := servers.Elasticsearch.Start(t)
	c := &cluster{address: process.URL(), prefix: "restart"}
	store := c.open(t, "")
	if err := within(t, "put", 30*time.Second, func(ctx context.Context) error {
		return store.Put(ctx, "c", "there", json.RawMessage(there), core.NoTTL)
	}); err != nil {
		t.Fatal(err)
	}
	var stop, down atomic.Bool
	var during, acknowledged atomic.Int64
	var group sync.WaitGroup
	const workers, deadline = 4, 2 * time.Second
	latest := make([]map[string]int, workers) // acknowledged, by key
	maybe := make([]map[string]int, workers)  // sent last
	for id := range workers {
		latest[id], maybe[id] = make(map[string]int), make(map[string]int)
		group.Go(func() {
			for n := 1; !stop.Load(); n++ {
				key := fmt.Sprint("worker ", id, " key ", n%5)
				before := down.Load()
				var misses error
				call := func(what string, call func(ctx context.Context) error) error {
					ctx, cancel := context.WithTimeout(context.Background(), deadline)
					defer cancel()
					start := time.Now()
					err := call(ctx)
					if took := time.Since(start); took > deadline+patience {
						t.Errorf("%s took %v", what, took)
					}
					return err
				}
				maybe[id][key] = n
				err := call("put", func(ctx context.Context) error {
					return store.PutMany(ctx, "c", []core.Item{{Key: key, Value: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}})
				})
				if err == nil {
					acknowledged.Add(1)
					latest[id][key] = n
				}
				misses = call("get", func(ctx context.Context) error { _, err := store.Get(ctx, "c", "there"); return err })
				if errors.Is(misses, core.ErrNotFound) {
					t.Errorf("an entry that was there all the time is missed: %v", misses)
				}
				if err != nil { // a server that starts needs the processor
					time.Sleep(200 * time.Millisecond)
				}
				if before && down.Load() {
					during.Add(1)
					if err == nil || misses == nil {
						t.Errorf("a call while the server is down = %v, %v; want errors", err, misses)
					}
				}
			}
		})
	}
	time.Sleep(time.Second)
	process.Kill()
	down.Store(true)
	for range 600 { // until somebody has called, on a machine that may be busy
		if time.Sleep(100 * time.Millisecond); during.Load() > 0 {
			break
		}
	}
	down.Store(false)
	process.Restart()
	recovers(t, store)
	time.Sleep(500 * time.Millisecond)
	stop.Store(true)
	group.Wait()
	if during.Load() == 0 || acknowledged.Load() < 10 {
		t.Errorf("%d calls while the server was down, %d acknowledged: that tests nothing", during.Load(), acknowledged.Load())
	}
	t.Logf("%d writes acknowledged, %d calls while the server was down", acknowledged.Load(), during.Load())
	for id := range workers {
		for key, n := range latest[id] {
			entry, err := store.Get(t.Context(), "c", key)
			var value struct{ N int }
			// What failed later may have been performed nevertheless.
			if err != nil || json.Unmarshal(entry.Value, &value) != nil || value.N < n || value.N > maybe[id][key] {
				t.Errorf("%s is %s, %v; want %d to %d", key, entry.Value, err, n, maybe[id][key])
			}
		}
	}
}
