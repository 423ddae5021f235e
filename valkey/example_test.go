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
	if err != nil {
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining.Round(time.Minute), expires)
}

func ExampleOpen_cluster() {
	ctx := context.Background()
	store, err := valkey.Open(ctx, "valkeys://ada:secret@node1:6379?addr=node2:6379&addr=node3:6379")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	entries, err := store.GetMany(ctx, "users", []string{"ada", "grace"}) // on whichever nodes they are
	if err != nil {
		panic(err)
	}
	fmt.Println(entries[0].Found(), entries[1].Found())
}

func ExampleNew() {
	ctx := context.Background()
	client, err := driver.NewClient(driver.ClientOption{
		InitAddress:  []string{"localhost:6379"},
		DisableCache: true,
	})
	if err != nil {
		panic(err)
	}
	defer client.Close() // Close of the store does not
	store, err := valkey.New(client, nil)
	if err != nil {
		panic(err)
	}
	won, err := store.Insert(ctx, "locks", "report", json.RawMessage(`{"by":"worker 1"}`), time.Minute)
	if err != nil {
		panic(err)
	}
	fmt.Println(won)
}

// A client that caches on behalf of the server, which tells it what has changed.
func ExampleOptions_clientCacheTTL() {
	client, err := driver.NewClient(driver.ClientOption{
		InitAddress:       []string{"localhost:6379"},
		CacheSizeEachConn: 16 << 20,
	})
	if err != nil {
		panic(err)
	}
	defer client.Close()
	store, err := valkey.New(client, &valkey.Options{ClientCacheTTL: time.Minute})
	if err != nil {
		panic(err)
	}
	entry, err := store.Get(context.Background(), "settings", "theme") // the second time without the server
	fmt.Println(string(entry.Value), err)
}
