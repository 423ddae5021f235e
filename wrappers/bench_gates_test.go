package wrappers_test

import (
	"encoding/json"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func BenchmarkGates(b *testing.B) {
	inner := newNoop(json.RawMessage(`{"name":"Ada"}`))
	breaker, err := wrappers.NewCircuitBreaker(inner, nil)
	if err != nil {
		b.Fatal(err)
	}
	bulkhead, err := wrappers.NewBulkhead(inner, nil)
	if err != nil {
		b.Fatal(err)
	}
	limit, err := wrappers.NewRateLimit(inner, &wrappers.RateLimitOptions{Rate: 1e9})
	if err != nil {
		b.Fatal(err)
	}
	for name, store := range map[string]core.Store{"CircuitBreaker": breaker, "Bulkhead": bulkhead, "RateLimit": limit} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := store.Get(b.Context(), "users", "ada"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
