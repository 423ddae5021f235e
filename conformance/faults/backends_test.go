// Package faults_test does to servers and connections what happens to them, and
// looks at what callers of a store see of it.
package faults_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memcached"
	"github.com/go-keyvalue/keyvalue/redis"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// backend is a store with a server that tests can stop.
type backend struct {
	name string
	kind *servers.Kind

	// open opens the store on the server at the address.
	open func(ctx context.Context, address string) (core.Store, error)

	// forgets says that the server loses all entries when it ends.
	forgets bool
}

var backends = []backend{
	{name: "redis", kind: servers.Redis, open: func(ctx context.Context, address string) (core.Store, error) {
		return redis.Open(ctx, "redis://"+address)
	}},
	{name: "valkey", kind: servers.Valkey, open: func(ctx context.Context, address string) (core.Store, error) {
		return valkey.Open(ctx, "valkey://"+address)
	}},
	{name: "memcached", kind: servers.Memcached, forgets: true, open: func(ctx context.Context, address string) (core.Store, error) {
		return memcached.Open(ctx, "memcached://"+address)
	}},
}

// openStore opens the store, which ends with the test.
func (b backend) openStore(t *testing.T, address string) core.Store {
	t.Helper()
	store, err := b.open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := core.Close(store); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return store
}

// patience is how much longer than its deadline a call may take, on a machine
// that is busy with other things. A call that hangs takes longer.
const patience = 20 * time.Second

// within fails the test if a call takes much longer than its deadline.
func within(t *testing.T, what string, deadline time.Duration, call func(ctx context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- call(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-time.After(deadline + patience):
		t.Fatalf("%s hangs: its deadline of %v is over since %v", what, deadline, patience)
		return nil
	}
}

// recovers waits until the store works again.
func recovers(t *testing.T, store core.Store) {
	t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); {
		err = within(t, "ping", time.Second, func(ctx context.Context) error { return core.Ping(ctx, store) })
		if err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the store does not recover: %v", err)
}

// isFailure reports whether the error is one: not a miss.
func isFailure(err error) bool { return err != nil && !errors.Is(err, core.ErrNotFound) }
