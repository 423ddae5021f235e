package vault_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	vaultclient "github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/vault"
)

func TestMain(m *testing.M) {
	if err := os.Setenv("VAULT_TOKEN", rootToken); err != nil { // for Open
		panic(err)
	}
	servers.Main(m)
}

// rootToken is that of the server that tests share.
var rootToken = cmp.Or(os.Getenv("KEYVALUE_TEST_VAULT_TOKEN"), servers.VaultToken)

// newClient returns a client of the driver which keeps its connections.
func newClient(t testing.TB, address, token string) *vaultclient.Client {
	t.Helper()
	client, err := vaultclient.New(vaultclient.WithAddress(address))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SetToken(token); err != nil {
		t.Fatal(err)
	}
	client.Configuration().HTTPClient.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	t.Cleanup(client.Configuration().HTTPClient.CloseIdleConnections)
	return client
}

var mounts atomic.Int64

// mount mounts an engine for this test alone.
func mount(t testing.TB, client *vaultclient.Client) string {
	t.Helper()
	name := fmt.Sprintf("test-%d-%d/kv", os.Getpid(), mounts.Add(1))
	path := "sys/mounts/" + name
	if _, err := client.Write(context.Background(), path, map[string]any{"type": "kv", "options": map[string]any{"version": "2"}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.Delete(context.Background(), path); err != nil {
			t.Error(err)
		}
	})
	// A new engine takes nothing before it has prepared its storage.
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		_, err := client.List(context.Background(), name+"/metadata/")
		if err == nil || vaultclient.IsErrorStatus(err, http.StatusNotFound) {
			return name
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

// shared returns a client of the server that tests share, and an engine there.
func shared(t testing.TB) (client *vaultclient.Client, mounted string) {
	t.Helper()
	client = newClient(t, servers.Vault.URL(t), rootToken)
	return client, mount(t, client)
}

// open returns a store with a client of its own.
func open(t testing.TB, address, mounted, parameters string) *vault.Store {
	t.Helper()
	store, err := vault.Open(t.Context(), "vault+http://"+strings.TrimPrefix(address, "http://")+"/"+mounted+parameters)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := core.Close(store); err != nil {
			t.Error(err)
		}
	})
	return store.(*vault.Store)
}

// borrow returns a store over a client.
func borrow(t testing.TB, client *vaultclient.Client, options *vault.Options) *vault.Store {
	t.Helper()
	store, err := vault.New(client, options)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// raw writes a text where the store has an entry with plain names.
func raw(ctx context.Context, client *vaultclient.Client, mounted, collection, key, text string) error {
	path := mounted + "/data/" + url.PathEscape(collection+"::"+key)
	_, err := client.Write(ctx, path, map[string]any{"data": map[string]any{"value": text}})
	return err
}

// suite is what every store of the package promises.
func suite(mounted string) *storetest.Options {
	return &storetest.Options{
		Capabilities:     core.CanAll,
		MaxValue:         vault.DefaultMaxValue,
		BestEffortDelete: true,
		Many:             1100, // a request for each
		Timeout:          time.Minute,
		Corrupt: func(ctx context.Context, store core.Store, collection, key string) error {
			return raw(ctx, store.(*vault.Store).Client(), mounted, core.CollectionName(collection), key, `{"value":`)
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	_, mounted := shared(t)
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, servers.Vault.URL(t), mounted, "") }, suite(mounted))
}
