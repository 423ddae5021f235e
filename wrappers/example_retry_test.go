package wrappers_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewRetry() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	unreliable := storetest.NewFaulty(inner)
	store, err := wrappers.NewRetry(unreliable, &wrappers.RetryOptions{MaxRetries: 2, InitialDelay: time.Millisecond})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	unreliable.Inject(storetest.Fault{Method: "Put", Err: reset, Times: 2})
	fmt.Println(store.Put(ctx, "users", "ada", []byte(`{"name":"Ada"}`), time.Hour))

	unreliable.Inject(storetest.Fault{Method: "Get", Err: reset, Times: 99})
	_, err = store.Get(ctx, "users", "ada")
	var failure *core.Error
	fmt.Println(errors.As(err, &failure), failure.Attempts)
	// Output:
	// <nil>
	// true 3
}
