package memcached_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memcached"
)

// By URL: the store owns its connections and closes them.
func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"memcached": memcached.Open}
	store, err := stores.Open(ctx, "memcached://one.example:11211,two.example:11211?timeout=250ms")
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
	remaining, _ := entry.TTL()
	fmt.Println(string(entry.Value), remaining)
}

// Over a client that stays the program's, here one that speaks TLS. The store
// is told the selector, which the client does not show.
func ExampleNew() {
	servers := new(memcache.ServerList)
	if err := servers.SetServers("one.example:11211", "two.example:11211"); err != nil {
		panic(err)
	}
	client := memcache.NewFromSelector(servers)
	client.MaxIdleConns = 64
	client.DialContext = new(tls.Dialer).DialContext
	defer client.Close()

	store, err := memcached.New(client, &memcached.Options{Selector: servers})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := store.Ping(ctx); err != nil {
		panic(err)
	}
}

// A lock that many programs compete for: one is told true.
func ExampleStore() {
	ctx := context.Background()
	store, err := memcached.Open(ctx, "memcached://127.0.0.1:11211")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	mine, err := core.Insert(ctx, store, "locks", "report", json.RawMessage(`{"by":"worker 7"}`), time.Minute)
	if err != nil {
		panic(err)
	}
	if mine {
		defer store.Delete(ctx, "locks", "report")
		fmt.Println("making the report")
	}
}

// What a URL must not have is refused before anything is dialled.
func ExampleOpen_refused() {
	_, err := memcached.Open(context.Background(), "memcached://localhost?time_out=1s")
	fmt.Println(err)
	// Output: memcached: open: invalid options: unknown parameter "time_out"
}

// Sharing a server with Python programs that use the reference's strategy for
// long keys.
func ExampleOptions() {
	client := memcache.New("127.0.0.1:11211")
	defer client.Close()
	store, err := memcached.New(client, &memcached.Options{V1Keys: true})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	fmt.Println(store.Supports(core.CanInsert), store.Supports(core.CanKeys))
	// Output: true false
}
