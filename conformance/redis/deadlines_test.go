package redis_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

// The driver is told to be as patient as this, so that a call which comes back
// did so because of its context.
const (
	driversPatience = 5 * time.Minute
	patience        = 30 * time.Second
)

// calls are one call of each method that speaks to the server.
var calls = map[string]func(ctx context.Context, s *redis.Store) error{
	"Get": func(ctx context.Context, s *redis.Store) error { _, err := s.Get(ctx, "c", "k"); return err },
	"GetMany": func(ctx context.Context, s *redis.Store) error {
		_, err := s.GetMany(ctx, "c", []string{"k"})
		return err
	},
	"Put": func(ctx context.Context, s *redis.Store) error { return s.Put(ctx, "c", "k", []byte(`{}`), 0) },
	"PutMany": func(ctx context.Context, s *redis.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: []byte(`{}`)}})
	},
	"Delete": func(ctx context.Context, s *redis.Store) error { _, err := s.Delete(ctx, "c", "k"); return err },
	"DeleteMany": func(ctx context.Context, s *redis.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"k"})
		return err
	},
	"Insert": func(ctx context.Context, s *redis.Store) error {
		_, err := s.Insert(ctx, "c", "k", []byte(`{}`), 0)
		return err
	},
	"Keys": func(ctx context.Context, s *redis.Store) error {
		for _, err := range s.Keys(ctx, "c") {
			return err
		}
		return nil
	},
	"Collections": func(ctx context.Context, s *redis.Store) error {
		for _, err := range s.Collections(ctx) {
			return err
		}
		return nil
	},
	"DestroyCollection": func(ctx context.Context, s *redis.Store) error { _, err := s.DestroyCollection(ctx, "c"); return err },
	"Destroy":           func(ctx context.Context, s *redis.Store) error { return s.Destroy(ctx) },
	"Ping":              func(ctx context.Context, s *redis.Store) error { return s.Ping(ctx) },
}

// wantPunctual calls every method, all at once, with a deadline that the server
// cannot keep.
func wantPunctual(t *testing.T, s *redis.Store) {
	t.Helper()
	type answer struct {
		method string
		err    error
	}
	answers := make(chan answer, len(calls))
	for method, call := range calls {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			defer cancel()
			answers <- answer{method, call(ctx, s)}
		}()
	}
	for range calls {
		select {
		case a := <-answers:
			if !errors.Is(a.err, context.DeadlineExceeded) {
				t.Errorf("%s = %v, want an error that matches %q", a.method, a.err, context.DeadlineExceeded)
			}
		case <-time.After(patience):
			t.Fatal("a call hangs past its deadline")
		}
	}
}

// aware and unaware are clients that were told to see to deadlines, and not.
func aware(o goredis.Options) *goredis.Client {
	o.ContextTimeoutEnabled = true
	return unaware(o)
}

func unaware(o goredis.Options) *goredis.Client {
	o.ReadTimeout, o.WriteTimeout, o.PoolTimeout, o.DialTimeout = driversPatience, driversPatience, driversPatience, driversPatience
	return goredis.NewClient(&o)
}

var makers = map[string]func(o goredis.Options) *goredis.Client{"aware": aware, "unaware": unaware}

func TestDeadlinesOfServerThatStops(t *testing.T) {
	t.Parallel()
	for name, newClient := range makers {
		for _, connected := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				server := servers.Redis.Start(t)
				client := newClient(goredis.Options{Addr: server.Address})
				defer client.Close()
				store := borrow(t, client, nil)
				if connected {
					if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
						t.Fatal(err)
					}
				}
				server.Pause()
				wantPunctual(t, store)
				server.Resume()
				// What the calls left behind is done, and the client is fit.
				if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
					t.Errorf("Put after the server went on = %v", err)
				}
			})
		}
	}
}

func TestDeadlinesOfPoolWithoutConnections(t *testing.T) {
	t.Parallel()
	server := servers.Redis.Start(t)
	for name, newClient := range makers {
		t.Run(name, func(t *testing.T) {
			client := newClient(goredis.Options{Addr: server.Address, PoolSize: 1, MaxActiveConns: 1, PipelinePoolSize: -1})
			defer client.Close()
			blocked := make(chan struct{})
			go func() {
				defer close(blocked)
				client.BLPop(context.Background(), driversPatience, "list")
			}()
			defer func() { // the connection is given back
				other := goredis.NewClient(&goredis.Options{Addr: server.Address})
				defer other.Close()
				other.LPush(context.Background(), "list", "x")
				<-blocked
			}()
			for client.PoolStats().TotalConns == 0 || client.PoolStats().IdleConns > 0 {
				time.Sleep(time.Millisecond)
			}
			wantPunctual(t, borrow(t, client, nil))
		})
	}
}

func TestDeadlinesOfAddressThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for name, newClient := range makers {
		t.Run(name, func(t *testing.T) {
			over := make(chan struct{})
			client := newClient(goredis.Options{Dialer: func(context.Context, string, string) (net.Conn, error) {
				<-over // whatever the context says
				return nil, errors.New("no answer")
			}})
			defer client.Close()
			defer close(over)
			wantPunctual(t, borrow(t, client, nil))
		})
	}
}

func TestDeadlinesOfCluster(t *testing.T) {
	t.Parallel()
	for _, connected := range []bool{true, false} {
		nodes := servers.Cluster(t, servers.Redis)
		store := open(t, clusterURL(nodes)+"&read_timeout=5m&write_timeout=5m&dial_timeout=5m&pool_timeout=5m")
		if connected {
			if err := store.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, node := range nodes {
			node.Pause()
		}
		wantPunctual(t, store)
		for _, node := range nodes {
			node.Resume()
		}
	}
}

func TestDeadlinesOfSentinel(t *testing.T) {
	t.Parallel()
	watched := servers.Sentinel(t, servers.Redis)
	url := "redis-sentinel://" + watched.Sentinel.Address + "?master_name=" + watched.Name +
		"&read_timeout=5m&write_timeout=5m&dial_timeout=5m&pool_timeout=5m"
	store := open(t, url)
	watched.Sentinel.Pause()
	wantPunctual(t, store)
	watched.Sentinel.Resume()
}

// A client that does not see to deadlines is left alone at once when the
// context is cancelled.
func TestCancelled(t *testing.T) {
	t.Parallel()
	server := servers.Redis.Start(t)
	client := unaware(goredis.Options{Addr: server.Address})
	defer client.Close()
	store := borrow(t, client, nil)
	server.Pause()
	defer server.Resume()
	for method, call := range calls {
		ctx, cancel := context.WithCancel(t.Context())
		answer := make(chan error, 1)
		go func() { answer <- call(ctx, store) }()
		time.Sleep(10 * time.Millisecond) // most are waiting by now
		cancel()
		select {
		case err := <-answer:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s = %v, want an error that matches %q", method, err, context.Canceled)
			}
		case <-time.After(patience):
			t.Fatalf("%s does not return when it is cancelled", method)
		}
	}
}
