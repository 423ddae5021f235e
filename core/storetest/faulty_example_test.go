package storetest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// A program that must survive a flaky store is tested over a Faulty one.
func ExampleFaulty() {
	ctx := context.Background()
	var inner core.Store = newExampleStore() // in a test of yours: memory.New(nil)
	faulty := storetest.NewFaulty(inner)

	faulty.Inject(storetest.Fault{Method: "Get", Key: "ada", Times: 2, Err: errors.New("connection reset")})
	for range 3 {
		_, err := faulty.Get(ctx, "users", "ada")
		fmt.Println(err)
	}
	fmt.Println(faulty.Calls("Get"), "calls,", faulty.Strikes(), "struck")
	// Output:
	// faulty: get "users"/"ada": connection reset
	// faulty: get "users"/"ada": connection reset
	// not found
	// 3 calls, 2 struck
}

// The write happens, and the caller is not told.
func ExampleFault_loseReply() {
	ctx := context.Background()
	faulty := storetest.NewFaulty(newExampleStore())
	faulty.Inject(storetest.Fault{Method: "Put", LoseReply: true, Times: 1})

	fmt.Println(faulty.Put(ctx, "users", "ada", []byte(`{"born":1815}`), core.NoTTL))
	entry, err := faulty.Get(ctx, "users", "ada")
	fmt.Println(string(entry.Value), err)
	// Output:
	// faulty: put "users"/"ada": injected fault
	// {"born":1815} <nil>
}

// One key of a batch fails, the others are stored.
func ExampleFault_partialFailure() {
	ctx := context.Background()
	faulty := storetest.NewFaulty(newExampleStore())
	faulty.Inject(storetest.Fault{Method: "PutMany", Key: "bob"})

	err := faulty.PutMany(ctx, "users", []core.Item{
		{Key: "ada", Value: []byte(`{}`)},
		{Key: "bob", Value: []byte(`{}`)},
	})
	fmt.Println(core.FailedKeys(err))
	// Output:
	// [bob]
}

// A Recorder shows what a wrapper makes of a call.
func ExampleRecorder() {
	ctx := context.Background()
	inner := storetest.NewRecorder(newExampleStore())
	store := core.KeepOpen(inner) // the wrapper to look at

	if _, err := store.DeleteMany(ctx, "users", []string{"ada", "bob"}); err != nil {
		fmt.Println(err)
	}
	for _, call := range inner.Calls() {
		fmt.Println(call.Method, call.Collection, call.Keys)
	}
	// Output:
	// DeleteMany users [ada bob]
}
