package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// BenchmarkOver measures what every wrapper adds to a call of a store that
// does nothing, with a value of 1 KiB; "nothing" is that store alone.
func BenchmarkOver(b *testing.B) {
	value := json.RawMessage(`{"text":"` + strings.Repeat("0123456789abcdef", 64)[11:] + `"}`)
	quiet := slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))
	keys, items := make([]string, 100), make([]core.Item, 100)
	for i := range keys {
		keys[i] = "key " + strconv.Itoa(i)
		items[i] = core.Item{Key: keys[i], Value: value}
	}
	for _, c := range []struct {
		name string
		wrap func(testing.TB, core.Store) core.Store
	}{
		{"nothing", func(_ testing.TB, inner core.Store) core.Store { return inner }},
		{"Bulkhead", wrapping(wrappers.NewBulkhead, nil)},
		{"CircuitBreaker", wrapping(wrappers.NewCircuitBreaker, nil)},
		{"CollectionRouting", wrapping(wrappers.NewCollectionRouting, nil)},
		{"Compression", wrapping(wrappers.NewCompression, nil)},
		{"Compression zstd", wrapping(wrappers.NewCompression, &wrappers.CompressionOptions{Algorithm: wrappers.Zstd})},
		{"DefaultCollection", wrapping(wrappers.NewDefaultCollection, &wrappers.DefaultCollectionOptions{Collection: "users"})},
		{"DefaultValue", wrapping(wrappers.NewDefaultValue, &wrappers.DefaultValueOptions{Value: value})},
		{"Encryption", wrapping(wrappers.NewEncryption, encryptionKeys(b, "a"))},
		{"Fallback", wrapping(wrappers.NewFallback, &wrappers.FallbackOptions{Secondary: newNoop(value)})},
		{"Fernet", wrapping(wrappers.NewFernet, fernetKeys(1))},
		{"LimitSize", wrapping(wrappers.NewLimitSize, &wrappers.LimitSizeOptions{MaxSize: 1 << 20})},
		{"Logging", wrapping(wrappers.NewLogging, &wrappers.LoggingOptions{Logger: quiet})},
		{"PassthroughCache", cached},
		{"PrefixCollections", wrapping(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "tenant"})},
		{"PrefixKeys", wrapping(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: "tenant"})},
		{"RateLimit", wrapping(wrappers.NewRateLimit, &wrappers.RateLimitOptions{Rate: 1e9})},
		{"ReadOnly", wrapping(wrappers.NewReadOnly, &wrappers.ReadOnlyOptions{Silent: true})},
		{"Retry", wrapping(wrappers.NewRetry, nil)},
		{"Routing", wrapping(wrappers.NewRouting, &wrappers.RoutingOptions{Route: func(string) string { return "" }})},
		{"SingleCollection", wrapping(wrappers.NewSingleCollection, nil)},
		{"Statistics", wrapping(wrappers.NewStatistics, nil)},
		{"TTLClamp", wrapping(wrappers.NewTTLClamp, &wrappers.TTLClampOptions{Max: time.Hour})},
		{"Timeout", wrapping(wrappers.NewTimeout, nil)},
		{"Timeout cooperative", wrapping(wrappers.NewTimeout, &wrappers.TimeoutOptions{Cooperative: true})},
	} {
		ctx := b.Context()
		store := c.wrap(b, replaying(b, c.wrap, keys, items))
		key := keys[0]
		for _, call := range []struct {
			name string
			call func() error
		}{
			{"Get", func() error { _, err := store.Get(ctx, "users", key); return err }},
			{"Put", func() error { return store.Put(ctx, "users", key, value, core.NoTTL) }},
			{"GetMany100", func() error { _, err := store.GetMany(ctx, "users", keys); return err }},
			{"PutMany100", func() error { return store.PutMany(ctx, "users", items) }},
		} {
			b.Run(fmt.Sprintf("%s/%s", c.name, call.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := call.call(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// cached is a cache in memory over the store.
func cached(t testing.TB, inner core.Store) core.Store {
	return wrapping(wrappers.NewPassthroughCache, &wrappers.PassthroughCacheOptions{Cache: newMemory(t)})(t, inner)
}

// replay notes what a wrapper is answered below.
type replay struct {
	core.Store
	noop *noop
}

func (r replay) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := r.Store.Get(ctx, collection, key)
	r.noop.entry = entry
	return entry, err
}

func (r replay) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := r.Store.GetMany(ctx, collection, keys)
	r.noop.entries = slices.Clone(entries)
	return entries, err
}

// replaying returns a store that does nothing, and answers what the wrapper
// reads below after it has written the items.
func replaying(b *testing.B, wrap func(testing.TB, core.Store) core.Store, keys []string, items []core.Item) core.Store {
	b.Helper()
	inner := newNoop(items[0].Value)
	store := wrap(b, replay{memory.NewSimple(), inner})
	if err := store.PutMany(b.Context(), "users", items); err != nil {
		b.Fatal(err)
	}
	if _, silent := store.(*wrappers.ReadOnly); silent {
		return inner // nothing was written
	}
	if _, err := store.Get(b.Context(), "users", keys[0]); err != nil {
		b.Fatal(err)
	}
	if _, err := store.GetMany(b.Context(), "users", keys); err != nil {
		b.Fatal(err)
	}
	return inner
}
