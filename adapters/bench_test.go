package adapters_test

import (
	"encoding/json"
	"testing"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
)

// Get of a struct, beside what a caller would write by hand and the part of it
// that cannot be saved.
func BenchmarkTypedGet(b *testing.B) {
	store := newMemory(b)
	users := newTyped[user](b, store, nil)
	if err := users.Put(b.Context(), "k", user{"Ada", 36, nil}, core.NoTTL); err != nil {
		b.Fatal(err)
	}
	text := []byte(`{"name":"Ada","age":36,"when":null}`)
	b.Run("Typed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := users.Get(b.Context(), "k"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Get and Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			entry, err := store.Get(b.Context(), "", "k")
			if err != nil {
				b.Fatal(err)
			}
			var value user
			if err := json.Unmarshal(entry.Value, &value); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Unmarshal alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var value user
			if err := json.Unmarshal(text, &value); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBytes(b *testing.B) {
	blobs, err := adapters.NewBytes(newMemory(b), nil)
	if err != nil {
		b.Fatal(err)
	}
	data := make([]byte, 1024)
	b.Run("Put", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := blobs.Put(b.Context(), "k", data, core.NoTTL); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Get", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := blobs.Get(b.Context(), "k"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
