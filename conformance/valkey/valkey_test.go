package valkey_test

import (
	"context"
	"testing"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/valkey"
)

func TestMain(m *testing.M) { servers.Main(m) }

// options are those of the suite, whatever client there is.
var options = &storetest.Options{
	Capabilities: core.CanKeys | core.CanCollections | core.CanDestroyCollection | core.CanDestroy | core.CanInsert | core.CanPing,
	Corrupt:      corrupt,
}

// corrupt writes something that is no entry past the store.
func corrupt(ctx context.Context, store core.Store, collection, key string) error {
	s, ok := core.As[*valkey.Store](store)
	if !ok {
		panic("the suite passes another store than it was given")
	}
	client := s.Client()
	return client.Do(ctx, client.B().Set().Key(names.Compound(collection, key)).Value("\xff is no entry").Build()).Error()
}

func TestConformance(t *testing.T) {
	t.Parallel()
	url := servers.Valkey.URL(t)
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, url) }, options)
}

// open returns a store for a URL.
func open(t testing.TB, url string) *valkey.Store {
	t.Helper()
	store, err := valkey.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close(store) })
	return store.(*valkey.Store)
}

// connect returns a client that is closed with the test.
func connect(t testing.TB, o driver.ClientOption) driver.Client {
	t.Helper()
	client, err := driver.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// borrow returns a store over a client.
func borrow(t testing.TB, client driver.Client, storeOptions *valkey.Options) *valkey.Store {
	t.Helper()
	store, err := valkey.New(client, storeOptions)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// suite runs storetest on stores over one client, which must be open after it.
func suite(t *testing.T, client driver.Client, storeOptions *valkey.Options) {
	t.Helper()
	storetest.Run(t, func(t *testing.T) core.Store { return borrow(t, client, storeOptions) }, options)
	if err := client.Do(t.Context(), client.B().Ping().Build()).Error(); err != nil {
		t.Errorf("the client was not left open: %v", err)
	}
}
