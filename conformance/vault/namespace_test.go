package vault_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	vaultclient "github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/calls"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

// An engine in a namespace, which the option or the client names, is another than
// that of the same name outside. Ping works from there.
func TestNamespace(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	address := servers.Vault.URL(t)
	root := newClient(t, address, rootToken)
	name := fmt.Sprintf("space-%d-%d", os.Getpid(), mounts.Add(1))
	if _, err := root.Write(ctx, "sys/namespaces/"+name, nil); err != nil {
		if health, healthErr := root.Read(ctx, "sys/seal-status"); healthErr == nil && health.Data["build_date"] != "" && strings.Contains(err.Error(), "404") {
			t.Skip("Vault without Enterprise has no namespaces")
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = root.Delete(context.Background(), "sys/namespaces/"+name) })
	inside := vaultclient.WithNamespace(name)
	engine := map[string]any{"type": "kv", "options": map[string]any{"version": "2"}}
	if _, err := root.Write(ctx, "sys/mounts/secret", engine, inside); err != nil {
		t.Fatal(err)
	}
	scoped := newClient(t, address, rootToken)
	if err := scoped.SetNamespace(name); err != nil {
		t.Fatal(err)
	}
	byOption := borrow(t, root, &vault.Options{Namespace: name})
	byClient := borrow(t, scoped, nil)
	outside := borrow(t, root, nil)
	calls.Eventually(t, func() error { return byOption.Put(ctx, name, "k", []byte(`{"n":1}`), core.NoTTL) }) // the engine is new
	if entry, err := byClient.Get(ctx, name, "k"); err != nil || string(entry.Value) != `{"n":1}` {
		t.Errorf("Get by a client with the namespace = %s, %v", entry.Value, err)
	}
	if _, err := outside.Get(ctx, name, "k"); err != core.ErrNotFound {
		t.Errorf("Get outside = %v, want a miss", err)
	}
	for _, store := range []*vault.Store{byOption, byClient, outside} {
		if err := store.Ping(ctx); err != nil {
			t.Errorf("Ping = %v", err)
		}
	}
	var keys []string
	for key, err := range byOption.Keys(ctx, name) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if len(keys) != 1 {
		t.Errorf("Keys = %q", keys)
	}
	if err := byOption.Destroy(ctx); err != nil {
		t.Error(err)
	}
	if _, err := byClient.Get(ctx, name, "k"); err != core.ErrNotFound {
		t.Errorf("Get after Destroy = %v", err)
	}
}
