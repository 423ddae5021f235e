package valkey_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"valkey": valkey.Open, "valkeys": valkey.Open}
	store, err := stores.Open(ctx, "valkey://localhost:6379/0")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	if err := store.Put(ctx, "sessions", "s1", json.RawMessage(`{"user":"ada"}`), 30*time.Minute); err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "sessions", "s1")
	if err != nil { // core.ErrNotFound on a miss
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining, expires)
}

// Several addresses are a cluster. A bulk call goes to each node once.
func ExampleOpen_cluster() {
	ctx := context.Background()
	store, err := valkey.Open(ctx, "valkey://localhost:7000?addr=localhost:7001&addr=localhost:7002")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	entries, err := store.GetMany(ctx, "users", []string{"ada", "bob", "eve"})
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		fmt.Println(entry.Found())
	}
}

// A client that stays the program's, with the cache of the client.
func ExampleNew() {
	client, err := driver.NewClient(driver.ClientOption{InitAddress: []string{"localhost:6379"}})
	if err != nil {
		panic(err)
	}
	defer client.Close()
	store, err := valkey.New(client, &valkey.Options{ClientCacheTTL: time.Minute})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	for key, err := range store.Keys(context.Background(), "users") {
		if err != nil {
			panic(err)
		}
		fmt.Println(key)
	}
}

func ExampleStore_Insert() {
	ctx := context.Background()
	store, err := valkey.Open(ctx, "valkey://localhost")
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

// What a URL must not have is refused before anything is dialled.
func ExampleOpen_refused() {
	_, err := valkey.Open(context.Background(), "valkey://localhost?time_out=1s")
	fmt.Println(err)
	// Output: valkey: open: invalid options: unknown parameter "time_out"
}
