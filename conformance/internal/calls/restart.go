package calls

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
)

// Restart kills the server of a store twice while workers write to it and read
// from it, after so long, and starts it again after so long: what was
// acknowledged is there, no failure is a miss, and every call ends.
func Restart(t *testing.T, store core.Store, server *servers.Process, up, down time.Duration) {
	t.Helper()
	if err := store.Put(t.Context(), "load", "always", []byte(`{"n":0}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var failures, acknowledged atomic.Int64
	var group sync.WaitGroup
	last := make([]int, 4)
	for id := range last {
		group.Go(func() {
			key := fmt.Sprint("worker ", id)
			for n := 1; !stop.Load(); n++ {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				start := time.Now()
				err := store.Put(ctx, "load", key, fmt.Appendf(nil, `{"n":%d}`, n), core.NoTTL)
				_, missed := store.Get(ctx, "load", "always")
				cancel()
				if missed == core.ErrNotFound {
					t.Error("a failure was taken for a miss")
				}
				if took := time.Since(start); took > Patience {
					t.Errorf("the calls took %v", took)
				}
				if err != nil {
					failures.Add(1)
					n-- // whether it was written is unknown, and it is written again
					continue
				}
				acknowledged.Add(1)
				last[id] = n
			}
		})
	}
	for range 2 {
		time.Sleep(up)
		server.Kill()
		time.Sleep(down) // calls begin and end meanwhile
		server.Restart()
		Eventually(t, func() error { return core.Ping(t.Context(), store) })
	}
	time.Sleep(up)
	stop.Store(true)
	group.Wait()
	if failures.Load() == 0 || acknowledged.Load() < 20 {
		t.Errorf("%d calls failed and %d were acknowledged: that tests nothing", failures.Load(), acknowledged.Load())
	}
	for id, n := range last {
		entry, err := store.Get(t.Context(), "load", fmt.Sprint("worker ", id))
		if got, next := string(entry.Value), fmt.Sprintf(`{"n":%d}`, n+1); err != nil || got != fmt.Sprintf(`{"n":%d}`, n) && got != next {
			t.Errorf("worker %d reads %s, %v; %d was acknowledged", id, entry.Value, err, n)
		}
	}
}
