package wrappers_test

import (
	"encoding/json"
	"testing"

	"github.com/go-keyvalue/keyvalue/wrappers"
)

func BenchmarkRetry(b *testing.B) {
	store, err := wrappers.NewRetry(newNoop(json.RawMessage(`{"name":"Ada"}`)), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.Get(b.Context(), "users", "ada"); err != nil {
			b.Fatal(err)
		}
	}
}
