package vault_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	vaultclient "github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/calls"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

// versionsOf returns the versions that the server has of a secret, oldest first,
// or nothing where there is not even metadata.
func versionsOf(t *testing.T, client *vaultclient.Client, mounted, name string) []string {
	t.Helper()
	answer, err := client.Read(context.Background(), mounted+"/metadata/"+url.PathEscape(name))
	if vaultclient.IsErrorStatus(err, http.StatusNotFound) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	states := answer.Data["versions"].(map[string]any)
	var versions []string
	for n := 1; len(versions) < len(states); n++ {
		state, exists := states[strconv.Itoa(n)].(map[string]any)
		switch {
		case exists && state["destroyed"] == true:
			versions = append(versions, fmt.Sprint(n, " destroyed"))
		case exists:
			versions = append(versions, fmt.Sprint(n))
		}
	}
	return versions
}

// The server keeps as many versions as it is told, and a delete leaves nothing.
func TestVersions(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := newClient(t, servers.Vault.URL(t), rootToken)
	for maximum, want := range map[int]int{0: 1, 3: 3, -1: 5} {
		mounted := mount(t, client)
		store := borrow(t, client, &vault.Options{Mount: mounted, MaxVersions: maximum})
		for n := range 5 {
			if err := store.Put(ctx, "c", "k", fmt.Appendf(nil, `{"n":%d}`, n), core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		if got := versionsOf(t, client, mounted, "c::k"); len(got) != want || got[len(got)-1] != "5" {
			t.Errorf("with MaxVersions %d there are the versions %q after 5 writes, want %d", maximum, got, want)
		}
		if inserted, err := store.Insert(ctx, "c", "inserted", []byte(`{}`), core.NoTTL); !inserted || err != nil {
			t.Fatal(inserted, err)
		}
		if live, err := store.Delete(ctx, "c", "k"); !live || err != nil {
			t.Errorf("Delete = %v, %v", live, err)
		}
		if got := versionsOf(t, client, mounted, "c::k"); got != nil {
			t.Errorf("after Delete there is metadata of the versions %q", got)
		}
		if err := store.Destroy(ctx); err != nil {
			t.Error(err)
		}
		if _, err := client.List(ctx, mounted+"/metadata/"); !vaultclient.IsErrorStatus(err, http.StatusNotFound) {
			t.Errorf("after Destroy there is something left: %v", err)
		}
	}
}

// Cull destroys what has expired, and its name only if that is wanted. What was
// written later stays.
func TestCullVersions(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := newClient(t, servers.Vault.URL(t), rootToken)
	for _, names := range []bool{false, true} {
		mounted := mount(t, client)
		store := borrow(t, client, &vault.Options{Mount: mounted, CullNames: names})
		for key, ttl := range map[string]time.Duration{"expired": time.Millisecond, "later": core.NoTTL} {
			if err := store.Put(ctx, "c", key, []byte(`{"old":true}`), time.Millisecond); err != nil {
				t.Fatal(err)
			}
			if err := store.Put(ctx, "c", key, []byte(`{"old":false}`), ttl); err != nil {
				t.Fatal(err)
			}
		}
		calls.Eventually(t, func() error {
			if _, err := store.Get(ctx, "c", "expired"); err != core.ErrNotFound {
				return fmt.Errorf("it has not expired: %v", err)
			}
			return nil
		})
		if count, err := store.Cull(ctx); count != 1 || err != nil {
			t.Errorf("Cull = %d, %v; want 1", count, err)
		}
		want := []string{"2 destroyed"}
		if names {
			want = nil
		}
		if got := versionsOf(t, client, mounted, "c::expired"); !slices.Equal(got, want) {
			t.Errorf("with CullNames %v Cull leaves the versions %q, want %q", names, got, want)
		}
		if entry, err := store.Get(ctx, "c", "later"); err != nil || string(entry.Value) != `{"old":false}` {
			t.Errorf("Get of what was written later = %s, %v", entry.Value, err)
		}
		if inserted, err := store.Insert(ctx, "c", "expired", []byte(`{}`), core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert over what was culled = %v, %v", inserted, err)
		}
	}
}

// What other programs have under the names of entries is no miss, and is not
// destroyed.
func TestForeignSecrets(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := newClient(t, servers.Vault.URL(t), rootToken)
	mounted := mount(t, client)
	store := borrow(t, client, &vault.Options{Mount: mounted})
	write := func(name string, data map[string]any) {
		t.Helper()
		if _, err := client.Write(ctx, mounted+"/data/"+name, map[string]any{"data": data}); err != nil {
			t.Fatal(err)
		}
	}
	password := map[string]any{"user": "ada", "password": "hunter2"}
	for _, name := range []string{"c::foreign", "folder/c::k", "plain", "c::deleted"} {
		write(name, password)
	}
	if _, err := client.Delete(ctx, mounted+"/data/c::deleted"); err != nil { // which can be undone
		t.Fatal(err)
	}
	if err := store.Put(ctx, "c", "ours", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}

	if _, err := store.Get(ctx, "c", "foreign"); !errors.Is(err, core.ErrCorrupt) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Get = %v, want ErrCorrupt", err)
	}
	if inserted, err := store.Insert(ctx, "c", "foreign", []byte(`{}`), core.NoTTL); inserted || !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Insert = %v, %v; want ErrCorrupt", inserted, err)
	}
	if _, err := store.Get(ctx, "c", "deleted"); err != core.ErrNotFound {
		t.Errorf("Get of what was deleted = %v, want a miss", err)
	}
	var listed []string
	corrupt := 0
	for key, err := range store.Keys(ctx, "c") {
		switch {
		case errors.Is(err, core.ErrCorrupt):
			corrupt++
		case err != nil:
			t.Error(err)
		default:
			listed = append(listed, key)
		}
	}
	if corrupt != 1 || !slices.Equal(listed, []string{"ours"}) {
		t.Errorf("Keys lists %q, and %d corrupt ones; want ours, and 1", listed, corrupt)
	}
	if _, err := store.DestroyCollection(ctx, "c"); !errors.Is(err, core.ErrCorrupt) || !strings.Contains(err.Error(), "c::foreign") {
		t.Errorf("DestroyCollection = %v, want what was left", err)
	}
	if err := store.Destroy(ctx); err != nil && !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Destroy = %v", err)
	}
	if _, err := client.Write(ctx, mounted+"/undelete/c::deleted", map[string]any{"versions": []int{1}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c::foreign", "folder/c::k", "plain", "c::deleted"} {
		answer, err := client.Read(ctx, mounted+"/data/"+name)
		if err != nil || answer.Data["data"].(map[string]any)["password"] != "hunter2" {
			t.Errorf("the other program's secret %s is gone: %v", name, err)
		}
	}
	if versions := versionsOf(t, client, mounted, "c::ours"); versions != nil {
		t.Errorf("what is ours has the versions %q", versions)
	}

	// Put and Delete do what they are told.
	if err := store.Put(ctx, "c", "foreign", []byte(`{}`), core.NoTTL); err != nil {
		t.Error(err)
	}
	if live, err := store.Delete(ctx, "c", "deleted"); live || err != nil {
		t.Errorf("Delete of a foreign secret = %v, %v; want false", live, err)
	}
	if _, err := store.Get(ctx, "c", "deleted"); err != core.ErrNotFound {
		t.Errorf("Get after Delete = %v", err)
	}
}

// An engine that takes no write without a version is written to all the same.
func TestRequiredVersions(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := newClient(t, servers.Vault.URL(t), rootToken)
	mounted := mount(t, client)
	if _, err := client.Write(ctx, mounted+"/config", map[string]any{"cas_required": true}); err != nil {
		t.Fatal(err)
	}
	store := borrow(t, client, &vault.Options{Mount: mounted})
	for n := range 3 {
		if err := store.Put(ctx, "c", "k", fmt.Appendf(nil, `{"n":%d}`, n), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":2}` {
		t.Errorf("Get = %s, %v", entry.Value, err)
	}
}

// policy is what the README says that a token needs.
const policy = `
path "%[1]s/data/*"       { capabilities = ["create", "read", "update"] }
path "%[1]s/metadata/*"   { capabilities = ["create", "read", "update", "delete", "list"] }
path "%[1]s/destroy/*"    { capabilities = ["update"] }
`

// A token with the README's policy can do everything, and one without metadata
// can use a store that leaves the versions alone.
func TestPolicy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	address := servers.Vault.URL(t)
	root := newClient(t, address, rootToken)
	mounted := mount(t, root)
	tokenFor := func(name, rules string) string {
		t.Helper()
		name = strings.ReplaceAll(mounted, "/", "-") + name
		path := "sys/policies/acl/" + name
		if _, err := root.Write(ctx, path, map[string]any{"policy": fmt.Sprintf(rules, mounted)}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = root.Delete(context.Background(), path) })
		answer, err := root.Write(ctx, "auth/token/create", map[string]any{"policies": []string{name}})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Auth.ClientToken
	}
	store := borrow(t, newClient(t, address, tokenFor("-all", policy)), &vault.Options{Mount: mounted, CullNames: true})
	for range 2 {
		for _, method := range []string{
			"Insert", "Put", "PutMany", "Get", "GetMany", "Keys", "Collections", "Delete", "DeleteMany", "Put", "Cull", "DestroyCollection", "Put", "Destroy", "Ping",
		} {
			if err := calls.All[method](ctx, store); err != nil {
				t.Errorf("%s = %v", method, err)
			}
		}
		if err := store.Put(ctx, "c", "short", []byte(`{}`), time.Millisecond); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * time.Millisecond)
		if count, err := store.Cull(ctx); count != 1 || err != nil {
			t.Errorf("Cull = %d, %v", count, err)
		}
	}
	little := newClient(t, address, tokenFor("-data", `path "%[1]s/data/*" { capabilities = ["create", "read", "update"] }`))
	wantFailure(t, "Put", calls.All["Put"](ctx, borrow(t, little, &vault.Options{Mount: mounted})), "the entry is written")
	plain := borrow(t, little, &vault.Options{Mount: mounted, MaxVersions: -1})
	for _, method := range []string{"Put", "Get", "Insert", "Ping"} {
		if err := calls.All[method](ctx, plain); err != nil {
			t.Errorf("%s without metadata = %v", method, err)
		}
	}
	for _, method := range []string{"Delete", "Keys", "Collections", "Cull", "DestroyCollection", "Destroy"} {
		wantFailure(t, method, calls.All[method](ctx, plain), "permission denied")
	}
}
