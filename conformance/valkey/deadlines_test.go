package valkey_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// The driver is told to be as patient as this, so that a call which comes back
// did so because of its context.
const (
	driversPatience = 5 * time.Minute
	patience        = 30 * time.Second
)

// calls are one call of each method that speaks to the server.
var calls = map[string]func(ctx context.Context, s *valkey.Store) error{
	"Get": func(ctx context.Context, s *valkey.Store) error { _, err := s.Get(ctx, "c", "k"); return err },
	"GetAppend": func(ctx context.Context, s *valkey.Store) error {
		_, err := s.GetAppend(ctx, "c", "k", nil)
		return err
	},
	"GetMany": func(ctx context.Context, s *valkey.Store) error {
		_, err := s.GetMany(ctx, "c", []string{"k"})
		return err
	},
	"Put": func(ctx context.Context, s *valkey.Store) error { return s.Put(ctx, "c", "k", []byte(`{}`), 0) },
	"PutMany": func(ctx context.Context, s *valkey.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: []byte(`{}`)}})
	},
	"Delete": func(ctx context.Context, s *valkey.Store) error { _, err := s.Delete(ctx, "c", "k"); return err },
	"DeleteMany": func(ctx context.Context, s *valkey.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"k"})
		return err
	},
	"Insert": func(ctx context.Context, s *valkey.Store) error {
		_, err := s.Insert(ctx, "c", "k", []byte(`{}`), 0)
		return err
	},
	"Keys": func(ctx context.Context, s *valkey.Store) error {
		for _, err := range s.Keys(ctx, "c") {
			return err
		}
		return nil
	},
	"Collections": func(ctx context.Context, s *valkey.Store) error {
		for _, err := range s.Collections(ctx) {
			return err
		}
		return nil
	},
	"DestroyCollection": func(ctx context.Context, s *valkey.Store) error { _, err := s.DestroyCollection(ctx, "c"); return err },
	"Destroy":           func(ctx context.Context, s *valkey.Store) error { return s.Destroy(ctx) },
	"Ping":              func(ctx context.Context, s *valkey.Store) error { return s.Ping(ctx) },
}

// wantPunctual calls every method, some times and all at once, with a deadline
// that the server cannot keep.
func wantPunctual(t *testing.T, s *valkey.Store) {
	t.Helper()
	type answer struct {
		method string
		err    error
	}
	const times = 5
	answers := make(chan answer, times*len(calls))
	for method, call := range calls {
		for range times {
			go func() {
				ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
				defer cancel()
				answers <- answer{method, call(ctx, s)}
			}()
		}
	}
	start := time.Now()
	for range times * len(calls) {
		select {
		case a := <-answers:
			if !errors.Is(a.err, context.DeadlineExceeded) {
				t.Errorf("%s = %v, want an error that matches %q", a.method, a.err, context.DeadlineExceeded)
			}
		case <-time.After(patience):
			t.Fatal("a call hangs past its deadline")
		}
	}
	t.Logf("all calls with a deadline of 200ms have returned after %v", time.Since(start).Round(time.Millisecond))
}

// patient returns options for a driver that does not give up by itself.
func patient(o driver.ClientOption) driver.ClientOption {
	o.DisableCache = true
	o.ConnWriteTimeout, o.Dialer.Timeout = driversPatience, driversPatience
	return o
}

// kinds are clients that differ in what they do while they wait.
var kinds = map[string]func(o driver.ClientOption) driver.ClientOption{
	"defaults":           patient,
	"always pipelines":   func(o driver.ClientOption) driver.ClientOption { o.AlwaysPipelining = true; return patient(o) },
	"never pipelines":    func(o driver.ClientOption) driver.ClientOption { o.DisableAutoPipelining = true; return patient(o) },
	"little room":        func(o driver.ClientOption) driver.ClientOption { o.RingScaleEachConn = 1; return patient(o) },
	"caches":             func(o driver.ClientOption) driver.ClientOption { o = patient(o); o.DisableCache = false; return o },
	"connections expire": func(o driver.ClientOption) driver.ClientOption { o.ConnLifetime = time.Millisecond; return patient(o) },
}

func TestDeadlinesOfServerThatStops(t *testing.T) {
	for name, kind := range kinds {
		for _, busy := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := servers.Valkey.Start(t, "--appendonly", "no")
				client := connect(t, kind(driver.ClientOption{InitAddress: []string{server.Address}}))
				var options valkey.Options
				if name == "caches" {
					options.ClientCacheTTL = time.Minute
				}
				store := borrow(t, client, &options)
				if busy {
					keepBusy(t, store)
				}
				server.Pause()
				wantPunctual(t, store)
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

// keepBusy has the client open the connections that it shares between calls.
func keepBusy(t *testing.T, store *valkey.Store) {
	t.Helper()
	answers := make(chan error)
	for range 64 {
		go func() { answers <- store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL) }()
	}
	for range 64 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
}

func TestDeadlinesOfOpenedStore(t *testing.T) {
	t.Parallel()
	server := servers.Valkey.Start(t)
	store := open(t, server.URL()+"?write_timeout=5m&dial_timeout=5m")
	server.Pause()
	wantPunctual(t, store)
	server.Resume()
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Errorf("Put after the server went on = %v", err)
	}
}

// Calls without a deadline end when the driver's patience does.
func TestCallsWithoutDeadline(t *testing.T) {
	t.Parallel()
	server := servers.Valkey.Start(t)
	for _, busy := range []bool{false, true} {
		store := open(t, server.URL()+"?write_timeout=1s&dial_timeout=1s")
		if busy {
			keepBusy(t, store)
		}
		server.Pause()
		answers := make(chan error, len(calls))
		start := time.Now()
		for method, call := range calls {
			go func() {
				err := call(context.Background(), store)
				if err == nil || errors.Is(err, core.ErrNotFound) {
					t.Errorf("%s = %v, want an error", method, err)
				}
				answers <- err
			}()
		}
		for range calls {
			select {
			case <-answers:
			case <-time.After(patience):
				t.Fatal("a call without a deadline hangs")
			}
		}
		t.Logf("calls without a deadline, where the driver's is 1s, have returned after %v", time.Since(start).Round(time.Millisecond))
		server.Resume()
	}
}

// An address that swallows what is sent there, from the second connection on.
func TestDeadlinesOfAddressThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	defer close(over)
	reached := false
	o := patient(started(t))
	o.ForceSingleClient = true
	o.DialCtxFn = func(ctx context.Context, address string, dialer *net.Dialer, _ *tls.Config) (net.Conn, error) {
		if !reached {
			reached = true
			return nil, errors.New("not yet")
		}
		<-over // whatever the context says
		return nil, errors.New("no answer")
	}
	client, err := driver.NewClient(o)
	if client == nil {
		t.Fatal(err) // there is an error, and a client nevertheless
	}
	wantPunctual(t, borrow(t, client, nil))
}

func TestDeadlinesOfCluster(t *testing.T) {
	for _, busy := range []bool{true, false} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			nodes := servers.Cluster(t, servers.Valkey)
			store := open(t, clusterURL(nodes)+"&write_timeout=5m&dial_timeout=5m")
			if busy {
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
			if err := store.Ping(t.Context()); err != nil {
				t.Errorf("Ping after the servers went on = %v", err)
			}
		})
	}
}

func TestDeadlineOfOpen(t *testing.T) {
	t.Parallel()
	server := servers.Valkey.Start(t)
	server.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := valkey.Open(ctx, server.URL()+"?dial_timeout=5m")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "valkey: open: ") {
		t.Errorf("Open = %v", err)
	}
	if took := time.Since(start); took > patience {
		t.Errorf("Open took %v", took)
	}
	server.Resume()
}

// Whoever cancels a call is left alone with it at once.
func TestCancelled(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := servers.Valkey.Start(t, "--appendonly", "no")
			store := borrow(t, connect(t, kind(driver.ClientOption{InitAddress: []string{server.Address}})), nil)
			server.Pause()
			defer server.Resume()
			for method, call := range calls {
				ctx, cancel := context.WithTimeout(t.Context(), driversPatience)
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
		})
	}
}
