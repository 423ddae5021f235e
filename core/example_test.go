package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func Example() {
	ctx := context.Background()
	store := newExample() // memory.New(nil), redis.New(client, nil), …

	err := store.Put(ctx, "sessions", "s1", json.RawMessage(`{"user":"ada"}`), 30*time.Minute)
	if err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "sessions", "s1")
	if err != nil {
		panic(err)
	}
	var session struct{ User string }
	if err := entry.Decode(&session); err != nil {
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(session.User, remaining.Round(time.Minute), expires)

	_, err = store.Get(ctx, "sessions", "s2")
	fmt.Println(errors.Is(err, core.ErrNotFound))
	// Output:
	// ada 30m0s true
	// true
}

// A bulk read answers each key at its place.
func ExampleStore_GetMany() {
	ctx := context.Background()
	store := newExample()
	err := store.PutMany(ctx, "users", []core.Item{
		{Key: "ada", Value: json.RawMessage(`{"born":1815}`)},
		{Key: "eve", Value: json.RawMessage(`{"born":1990}`), TTL: time.Hour},
	})
	if err != nil {
		panic(err)
	}
	keys := []string{"eve", "nobody", "ada"}
	entries, err := store.GetMany(ctx, "users", keys)
	if err != nil {
		panic(err)
	}
	for i, entry := range entries {
		fmt.Printf("%s %v %q\n", keys[i], entry.Found(), entry.Value)
	}
	// Output:
	// eve true "{\"born\":1990}"
	// nobody false ""
	// ada true "{\"born\":1815}"
}

func ExampleKeys() {
	ctx := context.Background()
	store := newExample()
	for _, name := range []string{"ada", "eve"} {
		if err := store.Put(ctx, "users", name, json.RawMessage(`{}`), core.NoTTL); err != nil {
			panic(err)
		}
	}
	var keys []string
	for key, err := range core.Keys(ctx, store, "users") {
		if err != nil {
			panic(err)
		}
		keys = append(keys, key)
	}
	slices.Sort(keys) // a listing has no order
	fmt.Println(keys)
	// Output: [ada eve]
}

// Insert as a lease: of many who try at once one is told true.
func ExampleInsert() {
	ctx := context.Background()
	store := newExample()
	for _, host := range []string{"a", "b"} {
		value, _ := json.Marshal(map[string]string{"host": host})
		won, err := core.Insert(ctx, store, "leases", "leader", value, time.Minute)
		fmt.Println(host, won, err)
	}
	// Output:
	// a true <nil>
	// b false <nil>
}

// What a store cannot do is an error that can be asked for ahead.
func ExampleSupports() {
	store := newExample()
	fmt.Println(core.Supports(store, core.CanKeys), core.Supports(store, core.CanCull))
	_, err := core.Cull(context.Background(), store)
	fmt.Println(errors.Is(err, errors.ErrUnsupported))
	// Output:
	// true false
	// true
}

func ExampleGetAppend() {
	ctx := context.Background()
	store := newExample()
	if err := store.Put(ctx, "c", "k", json.RawMessage(`{"n":1}`), core.NoTTL); err != nil {
		panic(err)
	}
	buffer := make([]byte, 0, 1024)
	for range 2 {
		entry, err := core.GetAppend(ctx, store, "c", "k", buffer[:0])
		if err != nil {
			panic(err)
		}
		fmt.Println(string(entry.Value))
		buffer = entry.Value // it may have grown
	}
	// Output:
	// {"n":1}
	// {"n":1}
}

// A user of the program chooses the store by URL, from those that it lists.
func ExampleMux() {
	ctx := context.Background()
	stores := core.Mux{"example": openExample}
	store, err := stores.Open(ctx, "example://")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	_, err = stores.Open(ctx, "other://user:password@host")
	fmt.Println(err)
	// Output: open: invalid options: no store for scheme "other"; known are example
}

// Who did not open a store does not close it.
func ExampleKeepOpen() {
	ctx := context.Background()
	store := newExample()
	view := core.KeepOpen(store) // for something that closes what it is given
	if err := core.Close(view); err != nil {
		panic(err)
	}
	_, err := view.Get(ctx, "c", "k")
	fmt.Println(err)
	_, err = store.Get(ctx, "c", "k")
	fmt.Println(err)
	// Output:
	// get "c"/"k": store is closed
	// not found
}

// A wrapper that changes names gives its callers theirs back.
func ExampleMapErrors() {
	inner := &core.Error{Op: "get", Collection: "tenant7__users", Key: "ada", Err: core.ErrCorrupt}
	err := core.MapErrors(inner, func(e core.Error) core.Error {
		e.Collection = "users"
		return e
	})
	fmt.Println(err)
	// Output: get "users"/"ada": corrupt entry
}
