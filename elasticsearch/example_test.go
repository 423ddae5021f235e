package elasticsearch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	driver "github.com/elastic/go-elasticsearch/v8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/elasticsearch"
)

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"elasticsearch": elasticsearch.Open, "elasticsearchs": elasticsearch.Open}
	store, err := stores.Open(ctx, "elasticsearch://localhost:9200/myapp")
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

func ExampleOpen_invalid() {
	_, err := elasticsearch.Open(context.Background(), "elasticsearch://user:secret@localhost/My-App")
	fmt.Println(errors.Is(err, core.ErrInvalidOptions))
	// Output: true
}

func ExampleNew() {
	// The client is the program's: it is used elsewhere, and closed by it.
	client, err := driver.NewClient(driver.Config{
		Addresses: []string{"https://one:9200", "https://two:9200"},
		APIKey:    "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==",
	})
	if err != nil {
		panic(err)
	}
	store, err := elasticsearch.New(client, &elasticsearch.Options{Prefix: "myapp"})
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

// Elasticsearch expires nothing by itself.
func ExampleStore_Cull() {
	ctx := context.Background()
	store, err := elasticsearch.Open(ctx, "elasticsearch://localhost:9200/myapp?single_index=true")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	removed, err := core.Cull(ctx, store)
	if err != nil {
		panic(err)
	}
	fmt.Println(removed)
}

func ExampleStore_Insert() {
	ctx := context.Background()
	store, err := elasticsearch.Open(ctx, "elasticsearch://localhost")
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
