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

// Copy copies the live entries of a collection, with what is left of their
// times to live. What was written to the target meanwhile stays.
func Copy(ctx context.Context, from, to core.Store, collection string) (copied int, err error) {
	for key, err := range core.Keys(ctx, from, collection) {
		if err != nil {
			return copied, err
		}
		entry, err := from.Get(ctx, collection, key)
		if errors.Is(err, core.ErrNotFound) {
			continue // it has expired since
		}
		if err != nil {
			return copied, err
		}
		remaining, expires := entry.TTL()
		if expires && remaining <= 0 {
			continue
		}
		inserted, err := core.Insert(ctx, to, collection, key, entry.Value, remaining)
		if err != nil {
			return copied, err
		}
		if inserted {
			copied++
		}
	}
	return copied, nil
}

func Example_copy() {
	ctx := context.Background()
	before, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	after, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	for _, key := range []string{"ada", "grace"} {
		if err := before.Put(ctx, "users", key, json.RawMessage(`{}`), time.Hour); err != nil {
			panic(err)
		}
	}
	for collection, err := range core.Collections(ctx, before) {
		if err != nil {
			panic(err)
		}
		copied, err := Copy(ctx, before, after, collection)
		fmt.Println(collection, copied, err)
	}
	// Output: users 2 <nil>
}

func Example_moveWhileRunning() {
	ctx := context.Background()
	before, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	after, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	if err := before.Put(ctx, "users", "ada", json.RawMessage(`{"from":"before"}`), core.NoTTL); err != nil {
		panic(err)
	}

	// Collections move one at a time: those in the map are in the new store.
	store, err := wrappers.NewCollectionRouting(before, &wrappers.CollectionRoutingOptions{
		Stores: map[string]core.Store{"sessions": after},
	})
	if err != nil {
		panic(err)
	}
	if err := store.Put(ctx, "sessions", "7f3a", json.RawMessage(`{}`), time.Hour); err != nil {
		panic(err)
	}
	_, err = after.Get(ctx, "sessions", "7f3a")
	fmt.Println(err)
	// Output: <nil>
}
