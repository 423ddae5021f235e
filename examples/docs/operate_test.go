package docs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// Operated wraps a database for production, from the inside out: a call that
// hangs is ended, one that fails is repeated, a database that is down is left
// alone for a while, and all of it is counted.
func Operated(database core.Store) (*wrappers.Statistics, error) {
	bounded, err := wrappers.NewTimeout(database, &wrappers.TimeoutOptions{Timeout: time.Second})
	if err != nil {
		return nil, err
	}
	guarded, err := wrappers.NewCircuitBreaker(bounded, nil)
	if err != nil {
		return nil, err
	}
	retried, err := wrappers.NewRetry(guarded, nil)
	if err != nil {
		return nil, err
	}
	return wrappers.NewStatistics(retried, nil)
}

func Example_operated() {
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	store, err := Operated(database)
	if err != nil {
		panic(err)
	}
	defer store.Close()

	ctx := context.Background()
	_ = store.Put(ctx, "users", "ada", json.RawMessage(`{}`), core.NoTTL)
	_, _ = store.Get(ctx, "users", "ada")
	_, _ = store.Get(ctx, "users", "alan")
	reads := store.Snapshot().Total()["get"]
	fmt.Println(reads.Hits, reads.Misses, reads.Errors)
	// Output: 1 1 0
}

func Example_logged() {
	database, err := memory.New(nil)
	if err != nil {
		panic(err)
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, attribute slog.Attr) slog.Attr {
			if attribute.Key == slog.TimeKey || attribute.Key == "duration" {
				return slog.Attr{} // for an example that is compared
			}
			return attribute
		},
	}))
	store, err := wrappers.NewLogging(database, &wrappers.LoggingOptions{Logger: logger})
	if err != nil {
		panic(err)
	}
	_, _ = store.Get(context.Background(), "users", "ada")
	// Output:
	// level=INFO msg="store call" op=get collection=users key=ada hit=false
}
