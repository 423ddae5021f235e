package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// Two tenants share a database and never see each other's entries.
func ExampleNewPrefixKeys() {
	ctx := context.Background()
	database, _ := memory.New(nil)
	defer database.Close()
	blue, err := wrappers.NewPrefixKeys(database, &wrappers.PrefixKeysOptions{Prefix: "blue"})
	if err != nil {
		fmt.Println(err)
		return
	}
	green, err := wrappers.NewPrefixKeys(database, &wrappers.PrefixKeysOptions{Prefix: "green"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = blue.Put(ctx, "users", "ada", json.RawMessage(`{"team":"blue"}`), core.NoTTL)
	_ = green.Put(ctx, "users", "ada", json.RawMessage(`{"team":"green"}`), core.NoTTL)

	destroyed, err := core.DestroyCollection(ctx, blue, "users")
	fmt.Println(destroyed, err)
	entry, err := green.Get(ctx, "users", "ada")
	fmt.Println(string(entry.Value), err)
	entry, err = database.Get(ctx, "users", "green__ada")
	fmt.Println(string(entry.Value), err)
	// Output:
	// true <nil>
	// {"team":"green"} <nil>
	// {"team":"green"} <nil>
}

func ExampleNewPrefixCollections() {
	ctx := context.Background()
	database, _ := memory.New(nil)
	store, err := wrappers.NewPrefixCollections(database, &wrappers.PrefixCollectionsOptions{Prefix: "billing"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), core.NoTTL)

	for collection, err := range core.Collections(ctx, database) {
		fmt.Println("below:", collection, err)
	}
	for collection, err := range core.Collections(ctx, store) {
		fmt.Println("above:", collection, err)
	}
	// Output:
	// below: billing__users <nil>
	// above: users <nil>
}

func ExampleNewSingleCollection() {
	ctx := context.Background()
	database, _ := memory.New(nil)
	store, err := wrappers.NewSingleCollection(database, &wrappers.SingleCollectionOptions{Collection: "everything"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), core.NoTTL)
	_ = store.Put(ctx, "books", "notes", json.RawMessage(`{"pages":66}`), core.NoTTL)

	for key, err := range core.Keys(ctx, store, "users") {
		fmt.Println("a user:", key, err)
	}
	_, err = database.Get(ctx, "everything", "users__ada")
	fmt.Println("below:", err)
	// Output:
	// a user: ada <nil>
	// below: <nil>
}

func ExampleNewDefaultCollection() {
	ctx := context.Background()
	database, _ := memory.New(nil)
	store, err := wrappers.NewDefaultCollection(database, &wrappers.DefaultCollectionOptions{Collection: "sessions"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "", "ada", json.RawMessage(`{"since":"today"}`), core.NoTTL)

	entry, err := database.Get(ctx, "sessions", "ada")
	fmt.Println(string(entry.Value), err)
	// Output: {"since":"today"} <nil>
}
