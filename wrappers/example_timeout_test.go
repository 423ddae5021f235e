package wrappers_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewTimeout() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewTimeout(inner, &wrappers.TimeoutOptions{Timeout: 250 * time.Millisecond})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println(store.Put(ctx, "users", "ada", []byte(`{"name":"Ada"}`), time.Hour))

	ended, cancel := context.WithDeadline(ctx, time.Now().Add(-time.Second))
	defer cancel()
	_, err = store.Get(ended, "users", "ada")
	fmt.Println(errors.Is(err, context.DeadlineExceeded), err)
	// Output:
	// <nil>
	// true timeout: get "users"/"ada": context deadline exceeded
}
