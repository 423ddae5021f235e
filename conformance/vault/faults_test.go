package vault_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/calls"
	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

// A network on which nothing comes: the deadline ends a call, and so does
// cancelling.
func TestStall(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(ctx context.Context) (context.Context, context.CancelFunc, error){
		"deadline": func(ctx context.Context) (context.Context, context.CancelFunc, error) {
			ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			return ctx, cancel, context.DeadlineExceeded
		},
		"cancel": func(ctx context.Context) (context.Context, context.CancelFunc, error) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(200*time.Millisecond, cancel)
			return ctx, cancel, context.Canceled
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, between, _ := behind(t, 2)
			between.Set(proxy.Stall)
			var group sync.WaitGroup
			for method, call := range calls.All {
				group.Go(func() {
					ctx, cancel, want := end(t.Context())
					defer cancel()
					start := time.Now()
					if err := call(ctx, store); !errors.Is(err, want) {
						t.Errorf("%s = %v, want an error that matches %q", method, err, want)
					}
					if took := time.Since(start); took > calls.Patience {
						t.Errorf("%s took %v", method, took)
					}
				})
			}
			group.Wait()
			between.Set(proxy.Pass)
			calls.Eventually(t, func() error { return store.Ping(t.Context()) })
		})
	}
}

// Connections that are reset are errors, and no misses.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]proxy.Mode{"reset": proxy.Reset, "refuse": proxy.Refuse} {
		t.Run(name, func(t *testing.T) {
			store, between, _ := behind(t, 1)
			between.Set(mode)
			for method, call := range calls.All {
				wantFailure(t, method, call(t.Context(), store), "")
			}
			between.Set(proxy.Pass)
			calls.Eventually(t, func() error { return store.Ping(t.Context()) })
			if _, err := store.Get(t.Context(), "c", "k"); err != nil {
				t.Errorf("Get afterwards = %v", err)
			}
		})
	}
}

// What the server has done, although its reply was lost, is never denied,
// whether the client repeats the request or not.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	for name, times := range map[string]int{"repeated": 2, "not repeated": -1} {
		t.Run(name, func(t *testing.T) {
			store, between, _ := behind(t, times)
			ctx := t.Context()
			lose := func() {
				t.Helper()
				if err := store.Ping(ctx); err != nil { // there is a connection
					t.Fatal(err)
				}
				between.LoseReplies(1)
			}
			wantLost := func() {
				t.Helper()
				if between.Lost() > 0 {
					t.Error("the reply was not lost")
				}
				between.Set(proxy.Pass)
			}
			for n := range 5 {
				key := fmt.Sprint("inserted ", n)
				lose()
				if inserted, err := store.Insert(ctx, "c", key, []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
					t.Errorf("Insert whose reply was lost = %v, %v; want true, nil", inserted, err)
				}
				wantLost()
				if inserted, err := store.Insert(ctx, "c", key, []byte(`{"n":2}`), core.NoTTL); inserted || err != nil {
					t.Errorf("Insert over it = %v, %v; want false, nil", inserted, err)
				}
				lose()
				if live, err := store.Delete(ctx, "c", key); err == nil && !live {
					t.Errorf("Delete whose reply was lost = %v, %v; want true or an error", live, err)
				}
				wantLost()
			}
			lose()
			if count, err := store.DeleteMany(ctx, "c", []string{"k", "l"}); err == nil && count != 1 {
				t.Errorf("DeleteMany whose reply was lost = %v, %v; want 1 or an error", count, err)
			}
			wantLost()
		})
	}
}

// A server that is killed and comes back, under load: what was acknowledged is
// there, no failure is a miss, and every call ends. Between the two it is sealed.
func TestRestart(t *testing.T) {
	t.Parallel()
	server := servers.Vault.Start(t)
	store := borrow(t, repeating(t, server.URL(), 1), nil)
	calls.Restart(t, store, server, 300*time.Millisecond, 300*time.Millisecond)
}

// A server that was sealed says so, to every call, and works again once it is
// unsealed. Its storage has a limit, which is told from other failures.
func TestSealed(t *testing.T) {
	t.Parallel()
	server := servers.Vault.Start(t)
	client := repeating(t, server.URL(), -1)
	store := borrow(t, client, &vault.Options{MaxValue: 8 << 20})
	ctx := t.Context()
	if err := store.Put(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	large := []byte(`{"text":"` + strings.Repeat("x", 2<<20) + `"}`)
	if err := store.Put(ctx, "c", "large", large, core.NoTTL); !errors.Is(err, core.ErrTooLarge) || len(err.Error()) > 1000 {
		t.Errorf("Put of more than the storage takes = %.1000v, want ErrTooLarge", err)
	}
	if inserted, err := store.Insert(ctx, "c", "large", large, core.NoTTL); inserted || !errors.Is(err, core.ErrTooLarge) {
		t.Errorf("Insert of more than the storage takes = %v, %.1000v, want ErrTooLarge", inserted, err)
	}
	if _, err := client.Write(ctx, "sys/seal", nil); err != nil {
		t.Fatal(err)
	}
	for method, call := range calls.All {
		wantFailure(t, method, call(ctx, store), "sealed")
	}
	server.Kill()
	for method, call := range calls.All {
		wantFailure(t, method, call(ctx, store), "")
	}
	server.Restart() // and unseal
	calls.Eventually(t, func() error { return store.Ping(ctx) })
	if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":1}` {
		t.Errorf("Get afterwards = %s, %v", entry.Value, err)
	}
}

// A token that the server does not know is an error of every call but Ping,
// which asks for what everybody may know.
func TestWrongToken(t *testing.T) {
	t.Parallel()
	url := servers.Vault.URL(t)
	store := borrow(t, newClient(t, url, wrongToken), &vault.Options{Mount: mount(t, newClient(t, url, rootToken))})
	for method, call := range calls.All {
		err := call(t.Context(), store)
		if method != "Ping" {
			wantFailure(t, method, err, "403 Forbidden: permission denied")
		} else if err != nil {
			t.Errorf("Ping = %v", err)
		}
	}
}

// Where no engine is mounted, every call but Ping is an error.
func TestMissingMount(t *testing.T) {
	t.Parallel()
	store := borrow(t, newClient(t, servers.Vault.URL(t), rootToken), &vault.Options{Mount: "nowhere/at-all"})
	for method, call := range calls.All {
		err := call(t.Context(), store)
		if method == "Ping" {
			if err != nil {
				t.Errorf("Ping = %v", err)
			}
			continue
		}
		wantFailure(t, method, err, "no handler for route")
		if !errors.Is(err, core.ErrSetup) {
			t.Errorf("%s = %v, want ErrSetup", method, err)
		}
	}
}
