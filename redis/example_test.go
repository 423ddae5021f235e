package redis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"redis": redis.Open, "rediss": redis.Open, "redis-cluster": redis.Open}
	store, err := stores.Open(ctx, "redis://localhost:6379/0?read_timeout=2s")
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

func ExampleNew() {
	// The client is the program's: it is used elsewhere, and closed by it.
	client := goredis.NewClient(&goredis.Options{
		Addr:                  "localhost:6379",
		ContextTimeoutEnabled: true, // which saves a goroutine for each call
	})
	defer client.Close()
	store, err := redis.New(client, nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	items := []core.Item{
		{Key: "ada", Value: json.RawMessage(`{"name":"Ada"}`)},
		{Key: "bob", Value: json.RawMessage(`{"name":"Bob"}`), TTL: time.Hour},
	}
	if err := store.PutMany(context.Background(), "users", items); err != nil {
		panic(err)
	}
	for key, err := range store.Keys(context.Background(), "users") {
		if err != nil {
			panic(err)
		}
		fmt.Println(key)
	}
}

func ExampleNew_cluster() {
	client := goredis.NewClusterClient(&goredis.ClusterOptions{
		Addrs: []string{"localhost:7000", "localhost:7001", "localhost:7002"},
	})
	defer client.Close()
	store, err := redis.New(client, &redis.Options{VerifyListing: true})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	// The keys are in different slots, and it is one call all the same.
	entries, err := store.GetMany(context.Background(), "users", []string{"ada", "bob", "eve"})
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		fmt.Println(entry.Found())
	}
}

// Many goroutines that call at once share round trips through the driver's
// automatic pipeline.
func ExampleNew_automaticPipeline() {
	client := goredis.NewClient(&goredis.Options{Addr: "localhost:6379"})
	defer client.Close()
	pipeline, err := client.AutoPipeline()
	if err != nil {
		panic(err)
	}
	store, err := redis.New(pipeline, nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()
	fmt.Println(store.Ping(context.Background()))
}

func ExampleStore_Insert() {
	ctx := context.Background()
	store, err := redis.Open(ctx, "redis://localhost")
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

func ExampleStore_DestroyCollection() {
	ctx := context.Background()
	store, err := redis.Open(ctx, "redis://localhost")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	existed, err := core.DestroyCollection(ctx, store, "sessions")
	if errors.Is(err, core.ErrCorrupt) {
		fmt.Println("something that is no entry was left:", err)
	}
	fmt.Println(existed)
}
