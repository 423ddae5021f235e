package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewCompression() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewCompression(inner, nil) // or with Algorithm: wrappers.Zstd
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	page := json.RawMessage(`{"text":"` + strings.Repeat("to be or not to be, ", 500) + `"}`)
	_ = store.Put(ctx, "pages", "hamlet", page, core.NoTTL)

	read, err := store.Get(ctx, "pages", "hamlet")
	fmt.Println(len(read.Value), err)
	stored, err := inner.Get(ctx, "pages", "hamlet")
	fmt.Println(len(stored.Value) < len(page)/10, err)
	// Output:
	// 10011 <nil>
	// true <nil>
}
