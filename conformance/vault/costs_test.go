package vault_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/calls"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

// Calls take as many requests as the README says.
func TestCosts(t *testing.T) {
	t.Parallel()
	url := servers.Vault.URL(t)
	client := newClient(t, url, rootToken)
	mounted := mount(t, client)
	var requests atomic.Int64
	if err := client.SetRequestCallbacks(func(*http.Request) { requests.Add(1) }); err != nil {
		t.Fatal(err)
	}
	store := borrow(t, client, &vault.Options{Mount: mounted})
	put := func(ctx context.Context, key string, ttl time.Duration) error {
		return store.Put(ctx, "c", key, []byte(`{}`), ttl)
	}
	for _, c := range []struct {
		what string
		call func(ctx context.Context) error
		want int64
	}{
		{"the first Put", func(ctx context.Context) error { return put(ctx, "k", core.NoTTL) }, 3},
		{"Put over an entry", func(ctx context.Context) error { return put(ctx, "k", core.NoTTL) }, 1},
		{"Put", func(ctx context.Context) error { return put(ctx, "short", time.Millisecond) }, 2},
		{"Get", func(ctx context.Context) error { return calls.All["Get"](ctx, store) }, 1},
		{"Get of two", func(ctx context.Context) error { return calls.All["GetMany"](ctx, store) }, 2},
		{"a refused Insert", func(ctx context.Context) error { return calls.All["Insert"](ctx, store) }, 3},
		{"Keys of two", func(ctx context.Context) error { return calls.All["Keys"](ctx, store) }, 3},
		{"Cull of one of two", func(ctx context.Context) error {
			count, err := store.Cull(ctx)
			if count != 1 && err == nil {
				err = fmt.Errorf("%d were culled", count)
			}
			return err
		}, 4},
		{"Insert over what was culled", func(ctx context.Context) error {
			inserted, err := store.Insert(ctx, "c", "short", []byte(`{}`), time.Millisecond)
			if !inserted && err == nil {
				err = fmt.Errorf("it was not inserted")
			}
			return err
		}, 3},
		{"Insert over what has expired", func(ctx context.Context) error {
			time.Sleep(2 * time.Millisecond)
			inserted, err := store.Insert(ctx, "c", "short", []byte(`{}`), core.NoTTL)
			if !inserted && err == nil {
				err = fmt.Errorf("it was not inserted")
			}
			return err
		}, 3},
		{"Delete", func(ctx context.Context) error { return calls.All["Delete"](ctx, store) }, 2},
		{"Delete of nothing", func(ctx context.Context) error { return calls.All["Delete"](ctx, store) }, 1},
		{"Insert", func(ctx context.Context) error { return calls.All["Insert"](ctx, store) }, 2},
		{"Destroy of two", func(ctx context.Context) error { return calls.All["Destroy"](ctx, store) }, 5},
		{"Ping", func(ctx context.Context) error { return calls.All["Ping"](ctx, store) }, 1},
	} {
		requests.Store(0)
		if err := c.call(t.Context()); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		if got := requests.Load(); got != c.want {
			t.Errorf("%s takes %d requests, want %d", c.what, got, c.want)
		}
	}
}
