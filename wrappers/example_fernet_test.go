package wrappers_test

import (
	"context"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewFernet() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	key, err := wrappers.ParseFernetKey("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=")
	if err != nil {
		fmt.Println(err)
		return
	}
	store, err := wrappers.NewFernet(inner, &wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	store.Put(ctx, "tokens", "ada", []byte(`{"token":"t0p"}`), time.Hour)
	entry, _ := store.Get(ctx, "tokens", "ada")
	fmt.Println(string(entry.Value))

	stored, _ := inner.Get(ctx, "tokens", "ada")
	fmt.Println(string(stored.Value[:30]))
	// Output:
	// {"token":"t0p"}
	// {"__encrypted_data__":"Z0FBQUF
}

// The same source material and salt give the same key in Python.
func ExampleDeriveFernetKey() {
	key, err := wrappers.DeriveFernetKey("test-source-material", "test-salt")
	fmt.Println(key.Reveal(), err)
	fmt.Println(key)
	// Output:
	// znx7rVYt4roVgu3ymt5sIYFmfMNGEPbm8AShXQv6CY4= <nil>
	// FernetKey(hidden)
}
