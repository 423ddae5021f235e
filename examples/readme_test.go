package examples_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// The first snippet of the repository's README.
func Example_readme() {
	ctx, id := context.Background(), "s1"
	err := func() error {
		store, err := memory.New(nil) // or any other backend
		if err != nil {
			return err
		}
		defer store.Close()
		if err := store.Put(ctx, "sessions", id, json.RawMessage(`{"user":"ada"}`), 30*time.Minute); err != nil {
			return err
		}
		entry, err := store.Get(ctx, "sessions", id) // errors.Is(err, core.ErrNotFound) on a miss
		if err != nil {
			return err
		}
		remaining, expires := entry.TTL() // the time to live comes with the value

		fmt.Println(string(entry.Value), remaining.Round(time.Minute), expires)
		for key, err := range core.Keys(ctx, store, "sessions") {
			fmt.Println(key, err)
		}
		return nil
	}()
	fmt.Println(err)
	// Output:
	// {"user":"ada"} 30m0s true
	// s1 <nil>
	// <nil>
}

// server is a framework that accepts a store.
type server struct{ sessions core.Store }

func newServer(sessions core.Store) (*server, error) {
	if !core.Supports(sessions, core.CanInsert) {
		return nil, errors.New("this feature needs a store that can insert")
	}
	return &server{sessions}, nil
}

// A framework requires core alone and accepts any store; its user chooses one
// by URL.
func Example_framework() {
	ctx := context.Background()
	stores := core.Mux{"memory": memory.Open, "simple": memory.OpenSimple}
	for _, url := range []string{"memory://", "simple://", "redis://localhost"} {
		store, err := stores.Open(ctx, url)
		if err != nil {
			fmt.Println(err)
			continue
		}
		server, err := newServer(core.KeepOpen(store))
		if err != nil {
			fmt.Println(err)
			continue
		}
		first, err := core.Insert(ctx, server.sessions, "locks", "leader", json.RawMessage(`{"host":"a"}`), time.Minute)
		fmt.Println(url, first, err, core.Close(store))
	}
	// Output:
	// memory:// true <nil> <nil>
	// simple:// true <nil> <nil>
	// open: invalid options: no store for scheme "redis"; known are memory, simple
}
