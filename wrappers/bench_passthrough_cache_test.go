package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// keepsNothing is a cache that keeps nothing.
type keepsNothing struct{ *noop }

func (keepsNothing) Get(context.Context, string, string) (core.Entry, error) {
	return core.Entry{}, core.ErrNotFound
}

func (keepsNothing) GetAppend(context.Context, string, string, []byte) (core.Entry, error) {
	return core.Entry{}, core.ErrNotFound
}

func (keepsNothing) GetMany(_ context.Context, _ string, keys []string) ([]core.Entry, error) {
	return make([]core.Entry, len(keys)), nil
}

// BenchmarkPassthroughCache compares a hit in a cache in memory with memory
// alone, and measures what a miss and a write cost over a primary that costs
// nothing.
func BenchmarkPassthroughCache(b *testing.B) {
	value := json.RawMessage(`{"text":"` + strings.Repeat("x", 1000) + `"}`)
	keys := make([]string, 100)
	items := make([]core.Item, len(keys))
	for i := range keys {
		keys[i] = fmt.Sprint("key ", i)
		items[i] = core.Item{Key: keys[i], Value: value, TTL: time.Hour}
	}
	direct := newMemory(b)
	if err := direct.PutMany(b.Context(), "c", items); err != nil {
		b.Fatal(err)
	}
	primary := newMemory(b)
	cached := newCached(b, primary, wrappers.PassthroughCacheOptions{})
	if err := cached.PutMany(b.Context(), "c", items); err != nil {
		b.Fatal(err)
	}
	reads := func(name string, store core.Store) {
		b.Run("Get/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := store.Get(b.Context(), "c", "key 1"); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("GetAppend/"+name, func(b *testing.B) {
			b.ReportAllocs()
			buffer := make([]byte, 0, 2048)
			for b.Loop() {
				if _, err := core.GetAppend(b.Context(), store, "c", "key 1", buffer); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("GetMany100/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := store.GetMany(b.Context(), "c", keys); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	reads("memory", direct)
	reads("hit", cached)
	reads("miss", newCached(b, newNoop(value), wrappers.PassthroughCacheOptions{Cache: keepsNothing{newNoop(value)}}))
	b.Run("Put", func(b *testing.B) {
		store := newCached(b, newNoop(value), wrappers.PassthroughCacheOptions{Cache: newNoop(value)})
		b.ReportAllocs()
		for b.Loop() {
			if err := store.Put(b.Context(), "c", "key 1", value, time.Hour); err != nil {
				b.Fatal(err)
			}
		}
	})
}
