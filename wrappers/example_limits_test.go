package wrappers_test

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

func ExampleNewLimitSize() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewLimitSize(inner, &wrappers.LimitSizeOptions{MaxSize: 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println(store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), core.NoTTL))
	err = store.Put(ctx, "users", "bob", json.RawMessage(`{"name":"Bob, and more"}`), core.NoTTL)
	fmt.Println(errors.Is(err, core.ErrTooLarge), err)
	// Output:
	// <nil>
	// true limit size: put "users"/"bob": value too large: 25 bytes, want at most 20
}

func ExampleNewTTLClamp() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewTTLClamp(inner, &wrappers.TTLClampOptions{Max: 24 * time.Hour, Missing: time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "sessions", "ada", json.RawMessage(`{}`), core.NoTTL)
	_ = store.Put(ctx, "sessions", "bob", json.RawMessage(`{}`), 365*24*time.Hour)

	for _, key := range []string{"ada", "bob"} {
		entry, err := store.Get(ctx, "sessions", key)
		remaining, expires := entry.TTL()
		fmt.Println(key, remaining.Round(time.Minute), expires, err)
	}
	// Output:
	// ada 1h0m0s true <nil>
	// bob 24h0m0s true <nil>
}

func ExampleNewReadOnly() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	_ = inner.Put(ctx, "settings", "theme", json.RawMessage(`{"dark":true}`), core.NoTTL)
	store, err := wrappers.NewReadOnly(inner, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	entry, err := store.Get(ctx, "settings", "theme")
	fmt.Println(string(entry.Value), err)
	_, err = store.Delete(ctx, "settings", "theme")
	fmt.Println(errors.Is(err, core.ErrReadOnly), err)
	// Output:
	// {"dark":true} <nil>
	// true read only: delete "settings"/"theme": store is read-only
}

func ExampleNewDefaultValue() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewDefaultValue(inner, &wrappers.DefaultValueOptions{Value: json.RawMessage(`{"dark":false}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	entry, err := store.Get(ctx, "settings", "theme")
	fmt.Println(string(entry.Value), err)
	for key := range core.Keys(ctx, store, "settings") {
		fmt.Println("stored:", key) // nothing is
	}
	// Output: {"dark":false} <nil>
}
