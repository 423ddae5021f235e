package docs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// secret makes a key. A program keeps it in a secret manager, not in code.
func secret(id string) wrappers.EncryptionKey {
	bytes := make([]byte, 32)
	_, _ = rand.Read(bytes)
	key, err := wrappers.NewEncryptionKey(id, bytes)
	if err != nil {
		panic(err)
	}
	return key
}

func Example_encrypted() {
	ctx := context.Background()
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	store, err := wrappers.NewEncryption(database, &wrappers.EncryptionOptions{
		Keys: []wrappers.EncryptionKey{secret("2026")},
	})
	if err != nil {
		panic(err)
	}
	if err := store.Put(ctx, "tokens", "ada", json.RawMessage(`{"token":"hunter2"}`), core.NoTTL); err != nil {
		panic(err)
	}
	below, err := database.Get(ctx, "tokens", "ada")
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.Contains(string(below.Value), "hunter2"))

	// Moved to another key, a value does not decrypt: it is bound to its names.
	if err := database.Put(ctx, "tokens", "grace", below.Value, core.NoTTL); err != nil {
		panic(err)
	}
	_, err = store.Get(ctx, "tokens", "grace")
	fmt.Println(errors.Is(err, core.ErrCorrupt))
	// Output:
	// false
	// true
}

func Example_rotate() {
	ctx := context.Background()
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	oldKey, newKey := secret("2025"), secret("2026")
	old, err := wrappers.NewEncryption(database, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{oldKey}})
	if err != nil {
		panic(err)
	}
	if err := old.Put(ctx, "tokens", "ada", json.RawMessage(`{}`), core.NoTTL); err != nil {
		panic(err)
	}

	// 1. Every program gets both keys; the first encrypts.
	store, err := wrappers.NewEncryption(database, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{newKey, oldKey}})
	if err != nil {
		panic(err)
	}
	// 2. What is there is encrypted anew.
	if _, err := store.Rewrap(ctx, "tokens"); err != nil {
		panic(err)
	}
	// 3. The old key is taken away.
	store, err = wrappers.NewEncryption(database, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{newKey}})
	if err != nil {
		panic(err)
	}
	_, err = store.Get(ctx, "tokens", "ada")
	fmt.Println(err)
	// Output: <nil>
}
