package stacks

import (
	"io"
	"log/slog"
	"math"
	"time"

	"pgregory.net/rapid"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// wrapFunc makes a wrapper around a store.
type wrapFunc func(core.Store) (core.Store, error)

// kind is a wrapper whose options are to be drawn. Those are such that a stack
// with it behaves like a store without, as far as a caller can see.
type kind struct {
	name string
	draw func(t *rapid.T) wrapFunc
}

// with makes of a constructor and its options what a layer needs.
func with[W core.Full, O any](newWrapper func(core.Store, *O) (W, error), options *O) wrapFunc {
	return func(inner core.Store) (core.Store, error) { return newWrapper(inner, options) }
}

// Prefixes and collections that are easily confused with names of the model.
var (
	prefixes = []string{"a", "a__b", "prefix", "_", "~kv1~a", "users::1"}
	fernets  = []wrappers.FernetKey{wrappers.GenerateFernetKey(), wrappers.GenerateFernetKey()}
	secrets  = []wrappers.EncryptionKey{newEncryptionKey("new"), newEncryptionKey("old")}
)

func newEncryptionKey(id string) wrappers.EncryptionKey {
	key, err := wrappers.GenerateEncryptionKey(id)
	if err != nil {
		panic(err)
	}
	return key
}

var catalogue = []kind{
	{"PrefixKeys", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: rapid.SampledFrom(prefixes).Draw(t, "prefix")})
	}},
	{"PrefixCollections", func(t *rapid.T) wrapFunc {
		prefix := rapid.SampledFrom(prefixes).Draw(t, "prefix")
		return with(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: prefix})
	}},
	{"SingleCollection", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{
			Collection: rapid.SampledFrom(collections).Draw(t, "collection"),
			Separator:  rapid.SampledFrom([]string{"", "::", "|", "_"}).Draw(t, "separator"),
		})
	}},
	{"DefaultCollection", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewDefaultCollection, &wrappers.DefaultCollectionOptions{Collection: otherDefault})
	}},
	{"Compression", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewCompression, &wrappers.CompressionOptions{
			MinSize:   rapid.SampledFrom([]int{0, 1, 64}).Draw(t, "size"),
			Algorithm: rapid.SampledFrom([]wrappers.CompressionAlgorithm{wrappers.Gzip, wrappers.Zstd}).Draw(t, "algorithm"),
		})
	}},
	{"Fernet", func(t *rapid.T) wrapFunc {
		keys := rapid.SampledFrom([][]wrappers.FernetKey{fernets, fernets[:1]}).Draw(t, "keys")
		return with(wrappers.NewFernet, &wrappers.FernetOptions{Keys: keys})
	}},
	{"Encryption", func(t *rapid.T) wrapFunc {
		keys := rapid.SampledFrom([][]wrappers.EncryptionKey{secrets, secrets[:1]}).Draw(t, "keys")
		return with(wrappers.NewEncryption, &wrappers.EncryptionOptions{Keys: keys})
	}},
	{"Fallback", func(*rapid.T) wrapFunc {
		return func(inner core.Store) (core.Store, error) {
			second, err := memory.New(nil)
			if err != nil {
				return nil, err
			}
			return wrappers.NewFallback(inner, &wrappers.FallbackOptions{Secondary: second})
		}
	}},
	{"PassthroughCache", func(t *rapid.T) wrapFunc {
		negative := rapid.SampledFrom([]time.Duration{0, time.Minute}).Draw(t, "negative")
		stale := rapid.SampledFrom([]time.Duration{0, time.Minute}).Draw(t, "stale")
		return func(inner core.Store) (core.Store, error) {
			cache, err := memory.New(nil)
			if err != nil {
				return nil, err
			}
			return wrappers.NewPassthroughCache(inner, &wrappers.PassthroughCacheOptions{
				Cache: cache, NegativeTTL: negative, StaleWhileRevalidate: stale, Jitter: 0.5,
			})
		}
	}},
	{"Routing", func(*rapid.T) wrapFunc {
		return func(inner core.Store) (core.Store, error) {
			other, err := memory.New(nil)
			if err != nil {
				return nil, err
			}
			return wrappers.NewRouting(inner, &wrappers.RoutingOptions{
				Stores: map[string]core.Store{"other": other},
				Route: func(collection string) string {
					if len(collection)%2 == 0 {
						return "other"
					}
					return ""
				},
			})
		}
	}},
	{"CollectionRouting", func(*rapid.T) wrapFunc {
		return func(inner core.Store) (core.Store, error) {
			other, err := memory.New(nil)
			if err != nil {
				return nil, err
			}
			return wrappers.NewCollectionRouting(inner, &wrappers.CollectionRoutingOptions{
				Stores: map[string]core.Store{"": other, "a__b": other},
			})
		}
	}},
	{"LimitSize", func(*rapid.T) wrapFunc {
		return with(wrappers.NewLimitSize, &wrappers.LimitSizeOptions{MaxSize: math.MaxInt})
	}},
	{"TTLClamp", func(*rapid.T) wrapFunc {
		return with(wrappers.NewTTLClamp, &wrappers.TTLClampOptions{Min: 1, Max: math.MaxInt64})
	}},
	{"Logging", func(t *rapid.T) wrapFunc {
		logger := slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}))
		return with(wrappers.NewLogging, &wrappers.LoggingOptions{Logger: logger, Values: rapid.Bool().Draw(t, "values")})
	}},
	{"Statistics", func(*rapid.T) wrapFunc { return with(wrappers.NewStatistics, &wrappers.StatisticsOptions{}) }},
	{"Retry", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewRetry, &wrappers.RetryOptions{MaxRetries: rapid.IntRange(0, 2).Draw(t, "retries")})
	}},
	{"Timeout", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewTimeout, &wrappers.TimeoutOptions{Timeout: time.Hour, Cooperative: rapid.Bool().Draw(t, "cooperative")})
	}},
	{"CircuitBreaker", func(*rapid.T) wrapFunc {
		return with(wrappers.NewCircuitBreaker, &wrappers.CircuitBreakerOptions{Failures: 1 << 20})
	}},
	{"Bulkhead", func(t *rapid.T) wrapFunc {
		return with(wrappers.NewBulkhead, &wrappers.BulkheadOptions{MaxConcurrent: rapid.IntRange(1, 9).Draw(t, "places")})
	}},
	{"RateLimit", func(*rapid.T) wrapFunc {
		return with(wrappers.NewRateLimit, &wrappers.RateLimitOptions{Rate: 1e9})
	}},
}
