package winregistry_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

func Example() {
	ctx := context.Background()
	store, err := winregistry.New(&winregistry.Options{Path: `Software\keyvalue-example`, Volatile: true})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	defer store.Destroy(ctx)

	items := []core.Item{
		{Key: "main", Value: json.RawMessage(`{"width":800}`)},
		{Key: "help", Value: json.RawMessage(`{"width":300}`)},
	}
	if err := store.PutMany(ctx, "windows", items); err != nil {
		panic(err)
	}
	for key, err := range store.Keys(ctx, "windows") {
		if err != nil {
			panic(err)
		}
		fmt.Println(key)
	}
	entry, err := store.Get(ctx, "windows", "main")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(entry.Value))
	// Unordered output:
	// help
	// main
	// {"width":800}
}

func ExampleStore_Locate() {
	store, err := winregistry.New(nil)
	if err != nil {
		panic(err)
	}
	defer store.Close()
	fmt.Println(store.Locate("users", "ada"))
	fmt.Println(store.Locate("Users", "Ada"))
	// Output:
	// HKEY_CURRENT_USER\Software\py-key-value\users ada
	// HKEY_CURRENT_USER\Software\py-key-value\~kv1~%55sers ~kv1~%41da
}
