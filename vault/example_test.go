package vault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	vaultclient "github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

func Example() {
	ctx := context.Background()
	store, err := vault.Open(ctx, "vault://vault.example:8200/secret") // the token is in VAULT_TOKEN
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	err = store.Put(ctx, "tokens", "ada", json.RawMessage(`{"token":"abc"}`), 30*time.Minute)
	if err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "tokens", "ada")
	switch {
	case errors.Is(err, core.ErrNotFound):
		fmt.Println("there is none")
	case err != nil:
		panic(err) // sealed, unreachable, forbidden: not a miss
	default:
		fmt.Println(entry.ExpiresAt)
	}
}

func ExampleOpen_invalid() {
	_, err := vault.Open(context.Background(), "vault://ada:password@vault.example/secret")
	fmt.Println(errors.Is(err, core.ErrInvalidOptions))
	fmt.Println(err)
	// Output:
	// true
	// vault: open: invalid options: the URL holds a user or a password: the token is in VAULT_TOKEN, or in a file
}

// The client, and the renewal of its token, stay the caller's.
func ExampleNew() {
	client, err := vaultclient.New(vaultclient.WithEnvironment())
	if err != nil {
		panic(err)
	}
	store, err := vault.New(client, &vault.Options{Mount: "team/kv", Namespace: "team", MaxVersions: 5})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	fmt.Println(store.Ping(context.Background()))
}

func ExampleStore_Insert() {
	ctx := context.Background()
	store, err := vault.Open(ctx, "vault://vault.example")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	// Of all who try, one is told true: a lock, for a minute.
	inserted, err := core.Insert(ctx, store, "locks", "report", json.RawMessage(`{}`), time.Minute)
	if err != nil {
		panic(err)
	}
	if inserted {
		fmt.Println("the report is ours to write")
	}
}
