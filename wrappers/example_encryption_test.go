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

func ExampleEncryption_Rewrap() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	older, _ := wrappers.GenerateEncryptionKey("2024")
	newer, _ := wrappers.GenerateEncryptionKey("2025")

	before, _ := wrappers.NewEncryption(inner, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{older}})
	before.Put(ctx, "tokens", "ada", []byte(`{"token":"t0p"}`), core.NoTTL)

	// The new key goes first. What the old one encrypted is read still.
	during, _ := wrappers.NewEncryption(inner, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{newer, older}})
	fmt.Println(during.Rewrap(ctx, "tokens"))
	fmt.Println(during.Rewrap(ctx, "tokens"))

	// Now the old key is not needed any more.
	after, _ := wrappers.NewEncryption(inner, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{newer}})
	entry, err := after.Get(ctx, "tokens", "ada")
	fmt.Println(string(entry.Value), err)
	// Output:
	// 1 <nil>
	// 0 <nil>
	// {"token":"t0p"} <nil>
}
