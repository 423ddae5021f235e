package wrappers_test

import (
	"context"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewPassthroughCache() {
	ctx := context.Background()
	inner, _ := memory.New(nil) // in earnest: a database
	primary := storetest.NewRecorder(inner)
	cache, _ := memory.New(&memory.Options{MaxBytes: 64 << 20})
	store, err := wrappers.NewPassthroughCache(primary, &wrappers.PassthroughCacheOptions{
		Cache:                cache,
		MaxTTL:               5 * time.Minute,
		StaleWhileRevalidate: time.Minute,
		Jitter:               0.1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	_ = store.Put(ctx, "users", "ada", []byte(`{"name":"Ada"}`), time.Hour)
	for range 3 {
		entry, err := store.Get(ctx, "users", "ada")
		fmt.Println(string(entry.Value), err)
	}
	fmt.Println("reads of the primary:", len(primary.Calls("Get")))
	// Output:
	// {"name":"Ada"} <nil>
	// {"name":"Ada"} <nil>
	// {"name":"Ada"} <nil>
	// reads of the primary: 1
}
