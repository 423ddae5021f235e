package wrappers_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewEncryption() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	key, err := wrappers.GenerateEncryptionKey("2025-01") // keep key.Reveal() in a safe place
	if err != nil {
		fmt.Println(err)
		return
	}
	store, err := wrappers.NewEncryption(inner, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{key}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	store.Put(ctx, "tokens", "ada", []byte(`{"token":"t0p"}`), core.NoTTL)
	entry, _ := store.Get(ctx, "tokens", "ada")
	fmt.Println(string(entry.Value))

	// Moved to another key it does not open.
	stored, _ := inner.Get(ctx, "tokens", "ada")
	inner.Put(ctx, "tokens", "eve", stored.Value, core.NoTTL)
	_, err = store.Get(ctx, "tokens", "eve")
	fmt.Println(errors.Is(err, core.ErrCorrupt))
	fmt.Println(key)
	// Output:
	// {"token":"t0p"}
	// true
	// EncryptionKey(2025-01, hidden)
}

// rotate stores a token under one key, and moves it to another.
func rotate(ctx context.Context, store core.Store, older, newer wrappers.EncryptionKey) error {
	before, err := wrappers.NewEncryption(store, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{older}})
	if err != nil {
		return err
	}
	if err := before.Put(ctx, "tokens", "ada", []byte(`{"token":"t0p"}`), core.NoTTL); err != nil {
		return err
	}

	// The new key goes first. What the old one encrypted is read still.
	during, err := wrappers.NewEncryption(store, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{newer, older}})
	if err != nil {
		return err
	}
	for range 2 {
		renewed, err := during.Rewrap(ctx, "tokens")
		if err != nil {
			return err
		}
		fmt.Println("renewed:", renewed)
	}

	// Now the old key is not needed any more.
	after, err := wrappers.NewEncryption(store, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{newer}})
	if err != nil {
		return err
	}
	entry, err := after.Get(ctx, "tokens", "ada")
	fmt.Println(string(entry.Value))
	return err
}

func ExampleEncryption_Rewrap() {
	store, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()
	older, err := wrappers.GenerateEncryptionKey("2024")
	if err != nil {
		panic(err)
	}
	newer, err := wrappers.GenerateEncryptionKey("2025")
	if err != nil {
		panic(err)
	}
	fmt.Println(rotate(context.Background(), store, older, newer))
	// Output:
	// renewed: 1
	// renewed: 0
	// {"token":"t0p"}
	// <nil>
}
