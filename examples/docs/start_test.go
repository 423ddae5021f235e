package docs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/redis"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func Example_first() {
	ctx := context.Background()
	store, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	err = store.Put(ctx, "sessions", "7f3a", json.RawMessage(`{"user":"ada"}`), 30*time.Minute)
	if err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "sessions", "7f3a")
	if err != nil {
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining.Round(time.Minute), expires)

	_, err = store.Get(ctx, "sessions", "unknown")
	fmt.Println(errors.Is(err, core.ErrNotFound))
	// Output:
	// {"user":"ada"} 30m0s true
	// true
}

// Session is what the program keeps.
type Session struct {
	User string `json:"user"`
}

func Example_typed() {
	ctx := context.Background()
	store, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	sessions, err := adapters.NewTyped[Session](store, &adapters.TypedOptions{Collection: "sessions"})
	if err != nil {
		panic(err)
	}

	if err := sessions.Put(ctx, "7f3a", Session{User: "ada"}, 30*time.Minute); err != nil {
		panic(err)
	}
	session, err := sessions.Get(ctx, "7f3a")
	fmt.Println(session.User, err)
	// Output: ada <nil>
}

func Example_bulk() {
	ctx := context.Background()
	store, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	err = store.PutMany(ctx, "users", []core.Item{
		{Key: "ada", Value: json.RawMessage(`{"born":1815}`)},
		{Key: "grace", Value: json.RawMessage(`{"born":1906}`), TTL: time.Hour},
	})
	if err != nil {
		panic(err)
	}
	entries, err := store.GetMany(ctx, "users", []string{"grace", "alan", "ada"})
	if err != nil {
		panic(err)
	}
	for _, entry := range entries { // in the order of the keys
		if entry.Found() {
			fmt.Println(string(entry.Value))
		} else {
			fmt.Println("not there")
		}
	}
	for key, err := range core.Keys(ctx, store, "users") {
		if err != nil {
			panic(err)
		}
		_ = key // each live key once
	}
	// Output:
	// {"born":1906}
	// not there
	// {"born":1815}
}

// stores are what the users of this program may choose from.
var stores = core.Mux{
	"memory": memory.Open,
	"redis":  redis.Open,
}

func Example_byURL() {
	ctx := context.Background()
	url := os.Getenv("STORE_URL") // such as redis://localhost:6379/0
	if url == "" {
		url = "memory://"
	}
	store, err := stores.Open(ctx, url)
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	fmt.Println(core.Ping(ctx, store))
	// Output: <nil>
}

func Example_wrapped() {
	database, err := memory.New(nil) // or any other
	if err != nil {
		panic(err)
	}
	store := core.Store(database)
	for _, wrap := range []func(core.Store) (core.Store, error){
		func(s core.Store) (core.Store, error) {
			return wrappers.NewRetry(s, nil) // what is worth it, within the deadline
		},
		func(s core.Store) (core.Store, error) {
			return wrappers.NewCompression(s, nil)
		},
		func(s core.Store) (core.Store, error) {
			return wrappers.NewPrefixCollections(s, &wrappers.PrefixCollectionsOptions{Prefix: "billing"})
		},
	} {
		if store, err = wrap(store); err != nil {
			panic(err)
		}
	}
	defer core.Close(store) // the database too
	fmt.Println(store.Put(context.Background(), "invoices", "1", json.RawMessage(`{"total":10}`), core.NoTTL))
	// Output: <nil>
}
