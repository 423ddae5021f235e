package adapters_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

type Session struct {
	User  string `json:"user"`
	Visit int    `json:"visit"`
}

func (s Session) Validate() error {
	if s.User == "" {
		return errors.New("no user")
	}
	return nil
}

func ExampleNewTyped() {
	ctx := context.Background()
	store, _ := memory.New(nil)
	defer store.Close()
	sessions, err := adapters.NewTyped[Session](store, &adapters.TypedOptions{Collection: "sessions"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sessions.Put(ctx, "1", Session{User: "ada", Visit: 7}, 30*time.Minute))
	session, err := sessions.Get(ctx, "1")
	fmt.Println(session.User, session.Visit, err)

	fmt.Println(sessions.Put(ctx, "2", Session{}, 0))
	_, err = sessions.Get(ctx, "2")
	fmt.Println(errors.Is(err, core.ErrNotFound))
	// Output:
	// <nil>
	// ada 7 <nil>
	// typed: put "sessions"/"2": invalid value: no user
	// true
}

func ExampleTyped_GetOrLoad() {
	ctx := context.Background()
	store, _ := memory.New(nil)
	defer store.Close()
	squares, err := adapters.NewTyped[int](store, &adapters.TypedOptions{Collection: "squares"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		square, err := squares.GetOrLoad(ctx, "12", time.Hour, func(context.Context) (int, error) {
			fmt.Println("loading")
			return 12 * 12, nil
		})
		fmt.Println(square, err)
	}
	// Output:
	// loading
	// 144 <nil>
	// 144 <nil>
}

func ExampleNewRequired() {
	ctx := context.Background()
	store, _ := memory.New(nil)
	defer store.Close()
	fmt.Println(store.Put(ctx, "settings", "host", []byte(`{"value":"localhost"}`), core.NoTTL))

	settings, err := adapters.NewRequired(store)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = settings.GetMany(ctx, "settings", []string{"host", "port"})
	fmt.Println(err)
	fmt.Println(core.FailedKeys(err))
	// Output:
	// <nil>
	// required: get many "settings"/"port": not found
	// [port]
}

func ExampleNewBytes() {
	ctx := context.Background()
	store, _ := memory.New(nil)
	defer store.Close()
	images, err := adapters.NewBytes(store, &adapters.BytesOptions{Collection: "images"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(images.Put(ctx, "pixel", []byte{0x89, 'P', 'N', 'G'}, core.NoTTL))
	data, err := images.Get(ctx, "pixel")
	fmt.Printf("%q %v\n", data, err)
	// Output:
	// <nil>
	// "\x89PNG" <nil>
}
