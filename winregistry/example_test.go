package winregistry_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"winregistry": winregistry.Open}
	store, err := stores.Open(ctx, "winregistry://HKCU/Software/Company/Program")
	if errors.Is(err, errors.ErrUnsupported) {
		fmt.Println("this is not Windows")
		return
	}
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	if err := store.Put(ctx, "windows", "main", json.RawMessage(`{"width":800}`), core.NoTTL); err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "windows", "main")
	if err != nil { // core.ErrNotFound on a miss
		panic(err)
	}
	fmt.Println(string(entry.Value))
}

func ExampleNew() {
	store, err := winregistry.New(&winregistry.Options{
		Hive: winregistry.LocalMachine,
		Path: `Software\Company\Program`,
		View: winregistry.View64, // the same for programs of 32 and 64 bits
	})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	ctx := context.Background()
	inserted, err := store.Insert(ctx, "locks", "update", json.RawMessage(`{}`), time.Minute)
	if err != nil {
		panic(err)
	}
	if inserted {
		fmt.Println("of all processes, this one makes the update")
	}
}
