package redis_test

import (
	"context"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/redis"
)

func TestMain(m *testing.M) { servers.Main(m) }

// options are those of the suite, whatever client there is.
var options = &storetest.Options{
	Capabilities: core.CanKeys | core.CanCollections | core.CanDestroyCollection | core.CanDestroy | core.CanInsert | core.CanPing,
	Corrupt:      corrupt,
}

// corrupt writes something that is no entry past the store.
func corrupt(ctx context.Context, store core.Store, collection, key string) error {
	s, ok := core.As[*redis.Store](store)
	if !ok {
		panic("the suite passes another store than it was given")
	}
	return s.Client().Set(ctx, names.Compound(collection, key), "\xff is no entry", 0).Err()
}

func TestConformance(t *testing.T) {
	t.Parallel()
	url := servers.Redis.URL(t)
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, url) }, options)
}

// open returns a store for a URL.
func open(t testing.TB, url string) *redis.Store {
	t.Helper()
	store, err := redis.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close(store) })
	return store.(*redis.Store)
}

// borrow returns a store over a client.
func borrow(t testing.TB, client goredis.UniversalClient, storeOptions *redis.Options) *redis.Store {
	t.Helper()
	store, err := redis.New(client, storeOptions)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// suite runs storetest on stores over one client, which must be open after it.
func suite(t *testing.T, client goredis.UniversalClient, storeOptions *redis.Options) {
	t.Helper()
	t.Cleanup(func() { client.Close() })
	quicker := *options
	quicker.Many = 2500
	storetest.Run(t, func(t *testing.T) core.Store { return borrow(t, client, storeOptions) }, &quicker)
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Errorf("the client was not left open: %v", err)
	}
}
