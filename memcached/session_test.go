package memcached

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
)

// truthful answers as an empty server does.
func truthful(conn net.Conn, request string, _ []byte) {
	switch verb, _, _ := strings.Cut(request, " "); verb {
	case "set", "add":
		fmt.Fprint(conn, "STORED\r\n")
	case "version":
		fmt.Fprint(conn, "VERSION 1\r\n")
	default:
		fmt.Fprint(conn, "END\r\n")
	}
}

// Every call ends with its context, although the driver knows none: at its
// deadline, and at once when it is cancelled. Rule 10.
func TestCallsEndWithTheirContext(t *testing.T) {
	asked := make(chan struct{}, 100)
	server := serve(t, func(net.Conn, string, []byte) { asked <- struct{}{} }) // and silence
	lent := func() *Store {
		client := memcache.New(server.listener.Addr().String())
		client.Timeout = time.Hour
		store, err := New(client, nil)
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	for name, store := range map[string]*Store{"open": server.store(), "borrowed": lent()} {
		for _, c := range everyCall {
			returns(t, name+"/"+c.name, func() {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
				defer cancel()
				if err := c.call(ctx, store); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %s with a deadline = %v", name, c.name, err)
				}
				for len(asked) > 0 {
					<-asked
				}
				ctx, cancel = context.WithCancel(t.Context())
				go func() {
					<-asked
					cancel()
				}()
				if err := c.call(ctx, store); !errors.Is(err, context.Canceled) {
					t.Errorf("%s: %s, cancelled, = %v", name, c.name, err)
				}
				ctx, cancel = context.WithTimeoutCause(t.Context(), time.Hour, errors.New("cause"))
				go func() {
					<-asked
					cancel()
				}()
				if err := c.call(ctx, store); !errors.Is(err, context.Canceled) {
					t.Errorf("%s: %s with a deadline, cancelled before, = %v", name, c.name, err)
				}
			})
		}
		// Those who gave up have left nothing behind that hinders others.
		core.Close(store)
	}
}

// A reply that drips, so that the driver's timeout starts again and again, is
// bounded by the context too.
func TestDrippingReply(t *testing.T) {
	server := serve(t, func(conn net.Conn, _ string, _ []byte) {
		for i := 0; ; i++ {
			if _, err := fmt.Fprintf(conn, "VALUE c::%d 0 12 1\r\n{\"value\":{}}\r\n", i); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	var keys []string
	for i := range 100_000 {
		keys = append(keys, fmt.Sprint(i))
	}
	store := server.store()
	returns(t, "GetMany", func() {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := store.GetMany(ctx, "c", keys); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("GetMany = %v", err)
		}
	})
}

// Connections that the server has closed while they were idle, or on which it
// has said something that nobody asked for, are replaced, and no call fails.
func TestIdleConnectionsAreReplaced(t *testing.T) {
	server := serve(t, truthful)
	store := server.store()
	all := func(round string) {
		t.Helper()
		var calls sync.WaitGroup
		for range 10 {
			for _, c := range everyCall {
				calls.Go(func() {
					if err := c.call(t.Context(), store); err != nil && err != core.ErrNotFound {
						t.Errorf("%s: %s = %v", round, c.name, err)
					}
				})
			}
		}
		calls.Wait()
	}
	all("first")
	server.hangUp()
	time.Sleep(2 * idleTime)
	all("behind a hang-up")
	server.mutex.Lock()
	for conn := range server.conns {
		fmt.Fprint(conn, "VALUE c::k 0 2 1\r\n{}\r\nEND\r\n")
	}
	server.mutex.Unlock()
	time.Sleep(2 * idleTime)
	all("behind unasked replies")
}

// Connections are used again, one after the other, and no more are kept than
// the URL allows.
func TestConnectionsAreKept(t *testing.T) {
	server := serve(t, truthful)
	store := server.store()
	for range 100 {
		for _, c := range everyCall {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			if err := c.call(ctx, store); err != nil && err != core.ErrNotFound {
				t.Errorf("%s = %v", c.name, err)
			}
			cancel()
		}
	}
	if n := server.connections(); n != 2 { // one of the driver, and one for bulk calls
		t.Errorf("calls one after the other have made %d connections, want 2", n)
	}

	second := serve(t, truthful)
	opened, err := Open(t.Context(), "memcached://"+second.listener.Addr().String()+"?max_conns=3")
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(opened)
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			for range 20 {
				opened.Get(t.Context(), "c", "k")
			}
		})
	}
	calls.Wait()
	for range 1000 { // the server notices a little later
		if second.open() <= 3 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := second.open(); n > 3 {
		t.Errorf("%d connections are kept, want 3", n)
	}
}

// A call that nobody waits for any more reads nothing of its caller's.
func TestAbandonedPutOwnsItsValue(t *testing.T) {
	release := make(chan struct{})
	arrived := make(chan string, 1)
	server := serve(t, func(conn net.Conn, _ string, data []byte) { arrived <- string(data) })
	client := memcache.New(server.listener.Addr().String())
	client.Timeout = time.Hour
	client.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		<-release
		return new(net.Dialer).DialContext(context.Background(), network, address)
	}
	store, err := New(client, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	value := []byte(`{"a":"whole"}`)
	if err := store.Put(ctx, "c", "k", value, core.NoTTL); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Put = %v", err)
	}
	copy(value, `#############`) // the caller's again
	close(release)
	if got := <-arrived; !strings.Contains(got, `{"a":"whole"}`) {
		t.Errorf("the server was sent %s", got)
	}
}

// Of the calls to one server that nobody waits for any more only so many go on
// by themselves. Further ones wait, and end with their contexts too.
func TestAbandonedCallsAreBounded(t *testing.T) {
	var dials atomic.Int64
	client := memcache.New("127.0.0.1:1")
	release := make(chan struct{})
	defer close(release)
	client.DialContext = func(context.Context, string, string) (net.Conn, error) {
		dials.Add(1)
		<-release
		return nil, errors.New("released")
	}
	store, err := New(client, &Options{Concurrency: 5})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var calls sync.WaitGroup
	for range 100 {
		calls.Go(func() {
			if _, err := store.Get(ctx, "c", "k"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Get = %v", err)
			}
		})
	}
	calls.Wait()
	if n := dials.Load(); n != 5 {
		t.Errorf("%d calls went on, want 5", n)
	}
}

// A panic of a function that dials is the caller's, who may recover.
func TestPanicIsTheCallers(t *testing.T) {
	client := memcache.New("127.0.0.1:1")
	client.DialContext = func(context.Context, string, string) (net.Conn, error) { panic("at the disco") }
	store, err := New(client, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	func() {
		defer func() {
			if recover() != "at the disco" {
				t.Error("the panic was lost")
			}
		}()
		store.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL)
	}()
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// A call for which there is no connection waits for one: until its context is
// done, or as long as it would for a new one to be made.
func TestBusyServer(t *testing.T) {
	server := serve(t, truthful)
	p := newSessions(&address{"tcp", server.listener.Addr().String()}, 50*time.Millisecond, 1)
	defer p.Close()
	s, err := p.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.begin(context.Background()); err != errBusy {
		t.Errorf("with all connections in use: %v; want that they are", err)
	}
	p.timeout = time.Hour
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := p.begin(ctx); err != context.DeadlineExceeded {
		t.Errorf("with all connections in use, and a deadline: %v", err)
	}
	freed := make(chan error)
	go func() {
		next, err := p.begin(context.Background())
		if err == nil {
			err = next.done(nil)
		}
		freed <- err
	}()
	if err := s.done(nil); err != nil {
		t.Error(err)
	}
	returns(t, "a call that waits", func() {
		if err := <-freed; err != nil {
			t.Errorf("when a connection is free: %v", err)
		}
	})
}
