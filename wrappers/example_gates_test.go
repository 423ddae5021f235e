package wrappers_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewCircuitBreaker() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	database := storetest.NewFaulty(inner)
	store, err := wrappers.NewCircuitBreaker(database, &wrappers.CircuitBreakerOptions{Failures: 2, OpenFor: time.Minute})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	database.Inject(storetest.Fault{Method: "Get", Err: io.ErrUnexpectedEOF})
	for range 3 {
		_, err := store.Get(ctx, "users", "ada")
		fmt.Println(err)
	}
	fmt.Println(store.State())
	// Output:
	// faulty: get "users"/"ada": unexpected EOF
	// faulty: get "users"/"ada": unexpected EOF
	// circuit breaker: get "users"/"ada": circuit breaker is open
	// open
}

func ExampleNewBulkhead() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewBulkhead(inner, &wrappers.BulkheadOptions{MaxConcurrent: 10, MaxWaiting: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println(store.Put(ctx, "users", "ada", []byte(`{"name":"Ada"}`), time.Hour))
	// Output:
	// <nil>
}

func ExampleNewRateLimit() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewRateLimit(inner, &wrappers.RateLimitOptions{Rate: 1, Refuse: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println(store.Put(ctx, "users", "ada", []byte(`{"name":"Ada"}`), time.Hour))
	fmt.Println(errors.Is(store.Put(ctx, "users", "ada", []byte(`{"name":"Ada"}`), time.Hour), wrappers.ErrRateLimited))
	// Output:
	// <nil>
	// true
}
