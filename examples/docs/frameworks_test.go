package docs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// Cache is part of a framework: it accepts any store, and requires core alone.
type Cache struct {
	store core.Store
	ttl   time.Duration
}

// NewCache makes a cache in a store. It does not close the store, which it has
// not opened.
func NewCache(store core.Store, ttl time.Duration) (*Cache, error) {
	if err := core.CheckTTL(ttl); err != nil {
		return nil, err
	}
	return &Cache{store, ttl}, nil
}

// Lookup answers from the cache, or from load. A cache that fails is as good as
// one that is empty.
func (c *Cache) Lookup(ctx context.Context, key string, load func() (json.RawMessage, error)) (json.RawMessage, error) {
	entry, err := c.store.Get(ctx, "cache", key)
	if err == nil {
		return entry.Value, nil
	}
	value, err := load()
	if err != nil {
		return nil, err
	}
	_ = c.store.Put(ctx, "cache", key, value, c.ttl)
	return value, nil
}

func Example_framework() {
	database, err := memory.New(nil) // the user's choice
	if err != nil {
		panic(err)
	}
	defer database.Close()

	cache, err := NewCache(database, time.Minute)
	if err != nil {
		panic(err)
	}
	for range 2 {
		value, err := cache.Lookup(context.Background(), "answer", func() (json.RawMessage, error) {
			fmt.Println("thinking")
			return json.RawMessage(`{"answer":42}`), nil
		})
		fmt.Println(string(value), err)
	}
	// Output:
	// thinking
	// {"answer":42} <nil>
	// {"answer":42} <nil>
}

// NewLocks needs more than the protocol, and says so at the start.
func NewLocks(store core.Store) (func(ctx context.Context, name string) (bool, error), error) {
	if !core.Supports(store, core.CanInsert) {
		return nil, errors.New("locks need a store that can insert: memory, Redis, …")
	}
	return func(ctx context.Context, name string) (bool, error) {
		return core.Insert(ctx, store, "locks", name, json.RawMessage(`{}`), time.Minute)
	}, nil
}

func Example_capability() {
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	lock, err := NewLocks(database)
	if err != nil {
		panic(err)
	}
	fmt.Println(lock(context.Background(), "nightly job"))
	fmt.Println(lock(context.Background(), "nightly job"))
	// Output:
	// true <nil>
	// false <nil>
}

func Example_tenants() {
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	// Whatever the names of tenants contain, they never meet.
	tenant := func(name string) core.Store {
		store, err := wrappers.NewPrefixCollections(core.KeepOpen(database), &wrappers.PrefixCollectionsOptions{Prefix: name})
		if err != nil {
			panic(err)
		}
		return store
	}
	ctx := context.Background()
	if err := tenant("acme").Put(ctx, "users", "ada", json.RawMessage(`{}`), core.NoTTL); err != nil {
		panic(err)
	}
	_, err = tenant("ac").Get(ctx, "me__users", "ada")
	fmt.Println(err)
	// Output: not found
}
