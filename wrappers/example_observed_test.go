package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func ExampleNewStatistics() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewStatistics(inner, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), core.NoTTL)
	_, _ = store.GetMany(ctx, "users", []string{"ada", "bob", "cleo", "ada"})

	users := store.Snapshot().Collections["users"]
	fmt.Println(users["put"].Calls, "put")
	fmt.Println(users["get many"].Entries, "asked for,", users["get many"].HitRate(), "of them found")
	// Output:
	// 1 put
	// 4 asked for, 0.5 of them found
}

func ExampleStatisticsSnapshot_WriteText() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	store, err := wrappers.NewStatistics(inner, &wrappers.StatisticsOptions{SampleEvery: -1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_, _ = store.Get(ctx, "users", "bob")

	_ = store.Snapshot().WriteText(os.Stdout) // or to the response of /metrics
	// Output:
	// # HELP keyvalue_calls_total Calls of the store.
	// # TYPE keyvalue_calls_total counter
	// keyvalue_calls_total{collection="users",operation="get"} 1
	// # HELP keyvalue_errors_total Calls that failed, in part or as a whole.
	// # TYPE keyvalue_errors_total counter
	// keyvalue_errors_total{collection="users",operation="get"} 0
	// # HELP keyvalue_entries_total Entries that the calls named, or listed.
	// # TYPE keyvalue_entries_total counter
	// keyvalue_entries_total{collection="users",operation="get"} 1
	// # HELP keyvalue_hits_total Entries that were found, removed or inserted.
	// # TYPE keyvalue_hits_total counter
	// keyvalue_hits_total{collection="users",operation="get"} 0
	// # HELP keyvalue_misses_total Entries that were not.
	// # TYPE keyvalue_misses_total counter
	// keyvalue_misses_total{collection="users",operation="get"} 1
	// # HELP keyvalue_latency_seconds How long a sample of the calls took.
	// # TYPE keyvalue_latency_seconds histogram
}

func ExampleNewLogging() {
	ctx := context.Background()
	inner, _ := memory.New(nil)
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTimes}))
	store, err := wrappers.NewLogging(inner, &wrappers.LoggingOptions{Logger: logger})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_ = store.Put(ctx, "users", "ada", json.RawMessage(`{"name":"Ada"}`), core.NoTTL)
	_, _ = store.Get(ctx, "users", "bob")
	_, _ = store.DeleteMany(ctx, "users", []string{"ada", "bob"})
	_, _ = store.Get(ctx, "users", "")
	// Output:
	// level=INFO msg="store call" op=put collection=users key=ada
	// level=INFO msg="store call" op=get collection=users key=bob hit=false
	// level=INFO msg="store call" op="delete many" collection=users keys="[ada bob]" count=2 deleted=1
	// level=ERROR msg="store call" op=get collection=users key="" error="memory: get \"users\": invalid key: empty"
}

// withoutTimes drops what differs each time.
func withoutTimes(_ []string, attr slog.Attr) slog.Attr {
	if attr.Key == slog.TimeKey || attr.Key == "duration" {
		return slog.Attr{}
	}
	return attr
}
