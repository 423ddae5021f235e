package vault_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	vaultclient "github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

// repeating returns a client that repeats what fails so often; -1 is never.
func repeating(t testing.TB, address string, times int) *vaultclient.Client {
	t.Helper()
	client, err := vaultclient.New(vaultclient.WithAddress(address), vaultclient.WithRetryConfiguration(vaultclient.RetryConfiguration{
		RetryMax: times, RetryWaitMin: 5 * time.Millisecond, RetryWaitMax: 10 * time.Millisecond,
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SetToken(rootToken); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Configuration().HTTPClient.CloseIdleConnections)
	return client
}

// behind returns a store whose connections go through a proxy, with an entry,
// and its mount. The client repeats what fails so often.
func behind(t *testing.T, times int) (*vault.Store, *proxy.Proxy, string) {
	t.Helper()
	url := servers.Vault.URL(t)
	mounted := mount(t, newClient(t, url, rootToken))
	between := proxy.New(t, strings.TrimPrefix(url, "http://"))
	store := borrow(t, repeating(t, "http://"+between.Address, times), &vault.Options{Mount: mounted})
	if err := store.Put(t.Context(), "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	return store, between, mounted
}

// wantFailure wants an error of a method that is no miss, says that text, and does
// not tell the token.
func wantFailure(t *testing.T, method string, err error, text string) {
	t.Helper()
	var e *core.Error
	switch {
	case !errors.As(err, &e) || errors.Is(err, core.ErrNotFound):
		t.Errorf("%s = %v, want an error", method, err)
	case !strings.Contains(err.Error(), text):
		t.Errorf("%s = %v, which does not say %q", method, err, text)
	case strings.Contains(err.Error(), wrongToken):
		t.Errorf("%s = %v, which tells the token", method, err)
	}
}

const wrongToken = "s.not-the-token"
