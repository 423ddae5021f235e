package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// What is only kept for a while goes to another store than all else.
func ExampleNewRouting() {
	ctx := context.Background()
	durable, _ := memory.New(nil)
	fleeting, _ := memory.New(nil)
	store, err := wrappers.NewRouting(durable, &wrappers.RoutingOptions{
		Stores: map[string]core.Store{"fleeting": fleeting},
		Route: func(collection string) string {
			if strings.HasPrefix(collection, "cache/") {
				return "fleeting"
			}
			return "" // the default store
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close() // closes both
	_ = store.Put(ctx, "cache/pages", "home", json.RawMessage(`{}`), core.NoTTL)
	_ = store.Put(ctx, "users", "ada", json.RawMessage(`{}`), core.NoTTL)

	for collection := range core.Collections(ctx, fleeting) {
		fmt.Println("fleeting:", collection)
	}
	for collection := range core.Collections(ctx, durable) {
		fmt.Println("durable:", collection)
	}
	// Output:
	// fleeting: cache/pages
	// durable: users
}

func ExampleNewCollectionRouting() {
	ctx := context.Background()
	durable, _ := memory.New(nil)
	fleeting, _ := memory.New(nil)
	store, err := wrappers.NewCollectionRouting(durable, &wrappers.CollectionRoutingOptions{
		Stores: map[string]core.Store{"sessions": fleeting},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "sessions", "ada", json.RawMessage(`{}`), core.NoTTL)
	_, err = fleeting.Get(ctx, "sessions", "ada")
	fmt.Println(err)
	// Output: <nil>
}

func ExampleNewFallback() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	primary := storetest.NewFaulty(inner)
	replica, _ := memory.New(nil)
	_ = replica.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), core.NoTTL)
	store, err := wrappers.NewFallback(primary, &wrappers.FallbackOptions{Secondary: replica})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_, err = store.Get(ctx, "users", "ada")
	fmt.Println(err == core.ErrNotFound) // the primary says that there is none

	primary.Inject(storetest.Fault{Err: errors.New("the primary is down")})
	entry, err := store.Get(ctx, "users", "ada")
	fmt.Println(string(entry.Value), err)
	// Output:
	// true
	// {"name":"Ada"} <nil>
}
