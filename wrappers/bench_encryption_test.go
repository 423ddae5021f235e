package wrappers_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// benchmarkEncrypted measures writes and reads of 1 KiB over a store that does
// nothing.
func benchmarkEncrypted(b *testing.B, wrap func(core.Store) core.Full) {
	ctx := context.Background()
	value := json.RawMessage(`{"text":"` + strings.Repeat("0123456789abcdef", 64)[11:] + `"}`)
	inner := newMemory(b)
	if err := wrap(inner).Put(ctx, "users", "ada", value, core.NoTTL); err != nil {
		b.Fatal(err)
	}
	stored, err := inner.Get(ctx, "users", "ada")
	if err != nil {
		b.Fatal(err)
	}
	store := wrap(newNoop(stored.Value))
	b.Run("Put", func(b *testing.B) {
		b.SetBytes(int64(len(value)))
		b.ReportAllocs()
		for b.Loop() {
			if err := store.Put(ctx, "users", "ada", value, core.NoTTL); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Get", func(b *testing.B) {
		b.SetBytes(int64(len(value)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := store.Get(ctx, "users", "ada"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("GetAppend", func(b *testing.B) {
		b.SetBytes(int64(len(value)))
		b.ReportAllocs()
		buffer := make([]byte, 0, 2*len(value))
		for b.Loop() {
			if _, err := store.GetAppend(ctx, "users", "ada", buffer); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFernet(b *testing.B) {
	options := fernetKeys(1)
	benchmarkEncrypted(b, func(s core.Store) core.Full { return newFernet(b, s, options) })
}

func BenchmarkEncryption(b *testing.B) {
	options := encryptionKeys(b, "a")
	benchmarkEncrypted(b, func(s core.Store) core.Full { return newEncryption(b, s, options) })
}
