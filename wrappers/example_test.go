package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// Wrappers stack: the last one made sees a call first. Here what the program
// stores is counted, then compressed, then encrypted, and lies under a prefix.
func Example() {
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	store, err := stack(database)
	if err != nil {
		panic(err)
	}
	defer store.Close() // closes every layer, and the database

	ctx := context.Background()
	if err := store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), time.Hour); err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "users", "ada")
	fmt.Println(string(entry.Value), err)
	for key, err := range core.Keys(ctx, store, "users") {
		fmt.Println("seen by the program:", key, err)
	}
	for key, err := range core.Keys(ctx, database, "users") {
		fmt.Println("seen in the database:", key, err)
	}
	fmt.Println("hits:", store.Snapshot().Collections["users"]["get"].Hits)
	// Output:
	// {"name":"Ada"} <nil>
	// seen by the program: ada <nil>
	// seen in the database: billing__ada <nil>
	// hits: 1
}

func stack(database core.Store) (*wrappers.Statistics, error) {
	prefixed, err := wrappers.NewPrefixKeys(database, &wrappers.PrefixKeysOptions{Prefix: "billing"})
	if err != nil {
		return nil, err
	}
	secret, err := wrappers.GenerateEncryptionKey("2026-11")
	if err != nil {
		return nil, err
	}
	encrypted, err := wrappers.NewEncryption(prefixed, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{secret}})
	if err != nil {
		return nil, err
	}
	compressed, err := wrappers.NewCompression(encrypted, nil)
	if err != nil {
		return nil, err
	}
	return wrappers.NewStatistics(compressed, nil)
}
