package wrappers_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/wrappers"
)

func BenchmarkTimeout(b *testing.B) {
	value := json.RawMessage(`{"name":"Ada"}`)
	for name, options := range map[string]*wrappers.TimeoutOptions{
		"goroutine":   {Timeout: time.Minute},
		"cooperative": {Timeout: time.Minute, Cooperative: true},
	} {
		store, err := wrappers.NewTimeout(newNoop(value), options)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("Get/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := store.Get(b.Context(), "users", "ada"); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Put/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := store.Put(b.Context(), "users", "ada", value, time.Hour); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
