package keyring_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/keyring"
)

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"keyring": keyring.Open}
	store, err := stores.Open(ctx, "keyring://?service=my-app")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer core.Close(store)

	if err := store.Put(ctx, "tokens", "ada", json.RawMessage(`{"token":"t0p"}`), 30*24*time.Hour); err != nil {
		fmt.Println(err)
		return
	}
	entry, err := store.Get(ctx, "tokens", "ada")
	if err != nil { // core.ErrNotFound on a miss
		fmt.Println(err)
		return
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining, expires)
}

// Encrypted files need nothing of the system.
func ExampleOpenConfig() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	store, err := keyring.OpenConfig(ctx, &keyring.Config{
		Backends: []driver.BackendType{driver.FileBackend},
		FileDir:  filepath.Join(dir, "secrets"),
		FilePassword: func(prompt string) (string, error) {
			return "correct horse battery staple", nil // or driver.TerminalPrompt
		},
	})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	if err := store.Put(ctx, "tokens", "ada", json.RawMessage(`{"token":"t0p"}`), core.NoTTL); err != nil {
		panic(err)
	}
	for key, err := range store.Keys(ctx, "tokens") {
		fmt.Println(key, err)
	}
	fmt.Println(store.ItemName("tokens", "ada"))
	// Output:
	// ada <nil>
	// tokens::ada
}

// The keyring of the desktop if there is one, and otherwise the program pass.
func ExampleOpenConfig_severalBackends() {
	store, err := keyring.OpenConfig(context.Background(), &keyring.Config{
		Service:  "my-app",
		Backends: []driver.BackendType{driver.SecretServiceBackend, driver.KWalletBackend, driver.PassBackend},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println(store.Ping(context.Background()))
}

// A ring that the program has already. Items begin with the prefix, so that
// others can use it too.
func ExampleNew() {
	ctx := context.Background()
	store, err := keyring.New(driver.NewArrayKeyring(nil), &keyring.Options{Prefix: "my-app/"})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	if err := store.Put(ctx, "tokens", "ada", json.RawMessage(`{"token":"t0p"}`), core.NoTTL); err != nil {
		panic(err)
	}
	item, err := store.Client().Get("my-app/tokens::ada")
	fmt.Println(item.Label, err)
	// Output: my-app/tokens::ada <nil>
}

// A prompt may stand open for minutes; the program need not wait.
func ExampleStore_deadline() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	store, err := keyring.Open(ctx, "keyring://secret-service")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer core.Close(store)
	entry, err := store.Get(ctx, "tokens", "ada")
	fmt.Println(entry.Found(), err)
}
