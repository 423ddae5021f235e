package memcached_test

import (
	"context"
	"testing"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memcached"
)

func TestMain(m *testing.M) { servers.Main(m) }

// capabilities are what the store offers.
const capabilities = core.CanInsert | core.CanPing

// limits are those that the README states for items of 1 MiB.
func limits() *storetest.Options {
	return &storetest.Options{
		Capabilities:  capabilities,
		MaxKey:        32 << 10,
		MaxCollection: 32 << 10,
		MaxValue:      1<<20 - 1<<10,
		Corrupt:       corrupt,
	}
}

// corrupt writes something else than an entry, past the store.
func corrupt(_ context.Context, store core.Store, collection, key string) error {
	client := store.(*memcached.Store).Client()
	return client.Set(&memcache.Item{Key: names.Compound(collection, key), Value: []byte(`{"value":[1]}`)})
}

// Each way to make a store keeps the rules of package core, on several servers
// and on one.
func TestConformance(t *testing.T) {
	one := servers.Memcached.Start(t).URL()
	several := servers.Memcached.URL(t) // last: the report has it
	for name, newStore := range map[string]func(t testing.TB) core.Store{
		"open":               func(t testing.TB) core.Store { return open(t, several) },
		"borrowed":           func(t testing.TB) core.Store { return lent(t, several, false) },
		"selector-told":      func(t testing.TB) core.Store { return lent(t, several, true) },
		"one-server-v1-keys": func(t testing.TB) core.Store { return open(t, one+"?v1_keys=true") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) core.Store { return newStore(t) }, limits())
		})
	}
}
