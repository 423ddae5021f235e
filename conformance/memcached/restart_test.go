package memcached_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
)

// All connections of a store are lost when its server restarts. The next call
// on each replaces it, and none fails.
func TestRestart(t *testing.T) {
	server := servers.Memcached.Start(t)
	store := open(t, server.URL())
	ctx := t.Context()
	keys, items := batch()
	together := func(call func(i int) error) {
		t.Helper()
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				if err := call(i); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	work := func(i int) error {
		for n := range 20 {
			key := fmt.Sprintf("%d-%d", i, n)
			if err := store.Put(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
				return err
			}
			if _, err := store.Get(ctx, "c", key); err != nil {
				return err
			}
			if err := store.PutMany(ctx, "c", items); err != nil {
				return err
			}
			if _, err := store.GetMany(ctx, "c", keys); err != nil {
				return err
			}
		}
		return nil
	}
	for range 3 {
		together(work)
		server.Kill()
		if _, err := store.Get(ctx, "c", "0-0"); err == nil || err == core.ErrNotFound {
			t.Errorf("Get while the server is down = %v; want an error that is no miss", err)
		}
		server.Restart()
	}
	together(work)
}

// Close leaves no connection and no goroutine behind, also while a server does
// not answer.
func TestCloseLeavesNothing(t *testing.T) {
	for name, maker := range makers {
		t.Run(name, func(t *testing.T) {
			server := servers.Memcached.Start(t)
			before := runtime.NumGoroutine()
			store := maker(t, server.URL()+"?timeout=2s")
			keys, items := batch()
			for range 10 {
				if err := store.PutMany(t.Context(), "c", items); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := store.GetMany(t.Context(), "c", keys); err != nil {
				t.Fatal(err)
			}
			pause(t, server, store, keys[0])
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			var all sync.WaitGroup
			for _, key := range keys {
				all.Go(func() {
					if _, err := store.Get(ctx, "c", key); err == nil {
						t.Error("a server that is paused has answered")
					}
				})
			}
			all.Wait()
			if err := store.Close(); err != nil {
				t.Error(err)
			}
			server.Resume()
			if name != "open" {
				store.Client().Close() // which is the test's
			}
			var left int
			for range 500 { // those of the driver end with its timeouts
				if left = runtime.NumGoroutine(); left <= before {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if left > before {
				stacks := make([]byte, 1<<20)
				t.Errorf("%d goroutines, and %d before:\n%s", left, before, stacks[:runtime.Stack(stacks, true)])
			}
			if name != "open" {
				return
			}
			var kept int
			for range 500 { // the server has been away, and notices now
				if kept = stat(t, server.Address, "curr_connections"); kept <= 2 { // who asks, and one of the server's
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Errorf("the server has %d connections after Close", kept)
		})
	}
}

// pause stops a server that has the key, and waits until it does not answer.
func pause(t *testing.T, server *servers.Process, store core.Store, key string) {
	t.Helper()
	server.Pause()
	for range 100 {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := store.Get(ctx, "c", key)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return
		}
	}
	t.Fatal("a server that is paused answers")
}

// stat returns a number that the server keeps.
func stat(t *testing.T, address, name string) int {
	t.Helper()
	for _, line := range ask(t, address, "stats\r\n", "END") {
		if value, ok := strings.CutPrefix(line, "STAT "+name+" "); ok {
			if n, err := strconv.Atoi(value); err == nil {
				return n
			}
		}
	}
	t.Fatalf("the server has no number called %s", name)
	return 0
}
