package valkey_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// started returns options for a client of a server that is this test's alone.
func started(t testing.TB, arguments ...string) driver.ClientOption {
	t.Helper()
	server := servers.Valkey.Start(t, append(arguments, "--appendonly", "no")...)
	return driver.ClientOption{InitAddress: []string{server.Address}, DisableCache: true}
}

// The clients below differ in how they connect, route and wait. Whatever they
// are like, a store over them keeps the rules.

func TestClientWithLittleRoom(t *testing.T) {
	t.Parallel()
	o := started(t)
	o.AlwaysRESP2, o.AlwaysPipelining, o.PipelineMultiplex, o.RingScaleEachConn, o.DisableRetry = true, true, -1, 1, true
	suite(t, connect(t, o), &valkey.Options{VerifyListing: true})
}

// A client may be told to take one of a few connections for each command, and to
// end its connections at any time.
func TestClientWithFewConnections(t *testing.T) {
	t.Parallel()
	o := started(t)
	o.DisableAutoPipelining, o.BlockingPoolSize, o.ConnLifetime = true, 1, 20*time.Millisecond
	suite(t, connect(t, o), nil)
}

// What is around a client may change results.
func TestClientWithHooks(t *testing.T) {
	t.Parallel()
	o := started(t)
	suite(t, hooked{connect(t, driver.ClientOption{InitAddress: o.InitAddress})}, nil)
}

// hooked is a client around another, which wraps the errors that it sees, and
// wants to know the context of each call.
type hooked struct{ driver.Client }

func (h hooked) Do(ctx context.Context, cmd driver.Completed) driver.ValkeyResult {
	return wrapped(h.Client.Do(ctx, cmd))
}

func (h hooked) DoMulti(ctx context.Context, cmds ...driver.Completed) []driver.ValkeyResult {
	results := h.Client.DoMulti(ctx, cmds...)
	for i := range results {
		results[i] = wrapped(results[i])
	}
	return results
}

func wrapped(result driver.ValkeyResult) driver.ValkeyResult {
	if err := result.Error(); err != nil {
		return driver.NewErrorResult(fmt.Errorf("hooked: %w", err))
	}
	return result
}

type contextKey struct{}

// looking is a client around another, which looks for a value in the context.
type looking struct {
	driver.Client
	seen chan any
}

func (l looking) Do(ctx context.Context, cmd driver.Completed) driver.ValkeyResult {
	l.seen <- ctx.Value(contextKey{})
	return l.Client.Do(ctx, cmd)
}

func TestClientSeesContext(t *testing.T) {
	client := looking{connect(t, started(t)), make(chan any, 1)}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, "a trace"))
	defer cancel()
	if _, err := borrow(t, client, nil).Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v", err)
	}
	if value := <-client.seen; value != "a trace" {
		t.Errorf("the client sees %v", value)
	}
}

// A client may share replies, so what the store hands out is a copy.
func TestClientThatSharesReplies(t *testing.T) {
	client := &sharing{Client: connect(t, started(t))}
	store := borrow(t, client, nil)
	if err := store.Put(t.Context(), "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		entry, err := store.Get(t.Context(), "c", "k")
		if err != nil || string(entry.Value) != `{"n":1}` {
			t.Fatalf("Get = %s, %v", entry.Value, err)
		}
		clear(entry.Value)
		entries, err := store.GetMany(t.Context(), "c", []string{"k"})
		if err != nil || string(entries[0].Value) != `{"n":1}` {
			t.Fatalf("GetMany = %s, %v", entries[0].Value, err)
		}
		clear(entries[0].Value)
	}
}

// sharing is a client that answers every GET with the first one's reply.
type sharing struct {
	driver.Client
	reply *driver.ValkeyResult
}

func (s *sharing) Do(ctx context.Context, cmd driver.Completed) driver.ValkeyResult {
	if cmd.Commands()[0] != "GET" {
		return s.Client.Do(ctx, cmd)
	}
	if s.reply == nil {
		result := s.Client.Do(ctx, cmd)
		s.reply = &result
	}
	return *s.reply
}

func (s *sharing) DoMulti(context.Context, ...driver.Completed) []driver.ValkeyResult {
	return []driver.ValkeyResult{*s.reply}
}

// A panic in a function that the client was given reaches the caller, who may
// recover from it, as that of a request's handler is.
func TestClientThatPanics(t *testing.T) {
	client := panicking{connect(t, started(t))}
	store := borrow(t, client, nil)
	for name, call := range map[string]func(){
		"Get":     func() { store.Get(t.Context(), "c", "k") },
		"GetMany": func() { store.GetMany(t.Context(), "c", []string{"k"}) },
	} {
		func() {
			defer func() {
				if cause := recover(); cause != "in a hook" {
					t.Errorf("%s panics with %v", name, cause)
				}
			}()
			call()
		}()
	}
}

type panicking struct{ driver.Client }

func (panicking) Do(context.Context, driver.Completed) driver.ValkeyResult { panic("in a hook") }
func (panicking) DoMulti(context.Context, ...driver.Completed) []driver.ValkeyResult {
	panic("in a hook")
}

// These are what a user has to be allowed. One that may not run scripts has the
// transactions.
var (
	permissions  = []string{"+get", "+set", "+getdel", "+getex", "+scan", "+pttl", "+eval", "+del", "+ping"}
	transactions = []string{"-eval", "+watch", "+unwatch", "+multi", "+exec", "+discard", "+type"}
)

func TestClientWithFewPermissions(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, &o, append(permissions, transactions...)...)
	suite(t, connect(t, o), nil)
}

func TestClientWithFewerPermissions(t *testing.T) {
	t.Parallel()
	o := started(t)
	admin := connect(t, o)
	permit(t, &o, permissions...)
	store := borrow(t, connect(t, o), nil)
	wantWorking(t, store)
	do(t, admin, "SET", "c::k", envelope("c", "k", `{}`, time.Now().Add(-time.Second)))
	if inserted, err := store.Insert(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert over an expired entry = %v, %v; want true, nil", inserted, err)
	}
	if err := store.Destroy(t.Context()); err != nil {
		t.Errorf("Destroy = %v", err)
	}
}

// permit makes a user with these permissions, whose the options become.
func permit(t *testing.T, o *driver.ClientOption, permissions ...string) {
	t.Helper()
	client := connect(t, *o)
	cmd := client.B().Arbitrary("ACL", "SETUSER", "ada", "reset", "on", ">secret", "~*").Args(permissions...).Build()
	if err := client.Do(t.Context(), cmd).Error(); err != nil {
		t.Fatalf("%q: %v", permissions, err)
	}
	o.Username, o.Password = "ada", "secret"
	o.ForceSingleClient = true // which asks no cluster
}

// A client that is closed by its owner makes errors, and no misses.
func TestClientThatIsClosed(t *testing.T) {
	client := connect(t, started(t))
	store := borrow(t, client, nil)
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	client.Close()
	for method, call := range calls {
		if err := call(t.Context(), store); !errors.Is(err, driver.ErrClosing) {
			t.Errorf("%s = %v, want an error that matches %q", method, err, driver.ErrClosing)
		}
	}
}

// Open's client may have been closed by who asked for it: Close is no error.
func TestCloseAfterClient(t *testing.T) {
	store := open(t, servers.Valkey.URL(t))
	store.Client().Close()
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}
