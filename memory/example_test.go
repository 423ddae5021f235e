package memory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

func ExampleNew() {
	ctx := context.Background()
	store, err := memory.New(&memory.Options{
		MaxEntries: 10_000,
		Seed: map[string]map[string]json.RawMessage{
			"users": {"ada": json.RawMessage(`{"name":"Ada"}`)},
		},
	})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	if err := store.Put(ctx, "sessions", "s1", json.RawMessage(`{"user":"ada"}`), 30*time.Minute); err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "sessions", "s1")
	if err != nil {
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining.Round(time.Minute), expires)

	_, err = store.Get(ctx, "sessions", "s2")
	fmt.Println(errors.Is(err, core.ErrNotFound))
	// Output:
	// {"user":"ada"} 30m0s true
	// true
}

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"memory": memory.Open, "null": memory.OpenNull}
	store, err := stores.Open(ctx, "memory://?max_bytes=67108864&sweep_interval=5m")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	first, err := core.Insert(ctx, store, "locks", "report", json.RawMessage(`{}`), time.Hour)
	if err != nil {
		panic(err)
	}
	second, err := core.Insert(ctx, store, "locks", "report", json.RawMessage(`{}`), time.Hour)
	if err != nil {
		panic(err)
	}
	fmt.Println(first, second)
	// Output: true false
}

func ExampleNewNull() {
	ctx := context.Background()
	store := memory.NewNull()
	fmt.Println(store.Put(ctx, "cache", "k", json.RawMessage(`{}`), core.NoTTL))
	_, err := store.Get(ctx, "cache", "k")
	fmt.Println(err)
	fmt.Println(store.Put(ctx, "cache", "k", json.RawMessage(`[]`), core.NoTTL))
	// Output:
	// <nil>
	// not found
	// memory: put "cache"/"k": invalid value: expected a JSON object at byte 0
}

func ExampleNewSimple() {
	ctx := context.Background()
	store := memory.NewSimple()
	for _, key := range []string{"a", "b"} {
		if err := store.Put(ctx, "letters", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
			panic(err)
		}
	}
	count := 0
	for _, err := range store.Keys(ctx, "letters") {
		if err != nil {
			panic(err)
		}
		count++
	}
	fmt.Println(count)
	// Output: 2
}
