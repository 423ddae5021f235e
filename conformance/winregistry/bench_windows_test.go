package winregistry_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func Benchmark(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) core.Store {
		store, _ := newStore(b)
		return store
	})
}

const benchKeys = 100

// BenchmarkBesideRaw compares the store with what a program does that calls
// package registry itself, with values of 1 KiB: once with a key that stays
// open, and once as the Python library does, which opens it each time.
func BenchmarkBesideRaw(b *testing.B) {
	store, path := newStore(b)
	ctx := b.Context()
	value := json.RawMessage(fmt.Sprintf(`{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24)))
	var items []core.Item
	var keys []string
	for i := range benchKeys {
		keys = append(keys, fmt.Sprintf("key-%06d", i))
		items = append(items, core.Item{Key: keys[i], Value: value})
	}
	must(b, store.PutMany(ctx, "bench", items))
	open, err := registry.OpenKey(registry.CURRENT_USER, path+`\bench`, registry.ALL_ACCESS)
	must(b, err)
	defer open.Close()
	text, _, err := open.GetStringValue(keys[0])
	must(b, err)
	reopened := func(call func(k registry.Key) error) error {
		k, err := registry.OpenKey(registry.CURRENT_USER, path+`\bench`, registry.ALL_ACCESS)
		if err != nil {
			return err
		}
		defer k.Close()
		return call(k)
	}
	get := func(k registry.Key, i int) error { _, _, err := k.GetStringValue(keys[i%benchKeys]); return err }
	set := func(k registry.Key, i int) error { return k.SetStringValue(keys[i%benchKeys], text) }

	b.Run("Get", func(b *testing.B) {
		turns.Run(b, 1, 200,
			turns.Contestant{Name: "store", Call: func(i int) error { _, err := store.Get(ctx, "bench", keys[i%benchKeys]); return err }},
			turns.Contestant{Name: "open", Call: func(i int) error { return get(open, i) }},
			turns.Contestant{Name: "reopened", Call: func(i int) error { return reopened(func(k registry.Key) error { return get(k, i) }) }})
	})
	b.Run("Put", func(b *testing.B) {
		turns.Run(b, 1, 200,
			turns.Contestant{Name: "store", Call: func(i int) error { return store.Put(ctx, "bench", keys[i%benchKeys], value, core.NoTTL) }},
			turns.Contestant{Name: "open", Call: func(i int) error { return set(open, i) }},
			turns.Contestant{Name: "reopened", Call: func(i int) error { return reopened(func(k registry.Key) error { return set(k, i) }) }})
	})
	b.Run("PutMany100", func(b *testing.B) {
		turns.Run(b, 1, 10,
			turns.Contestant{Name: "store", Call: func(int) error { return store.PutMany(ctx, "bench", items) }},
			turns.Contestant{Name: "open", Call: func(int) error {
				for i := range benchKeys {
					if err := set(open, i); err != nil {
						return err
					}
				}
				return nil
			}},
			turns.Contestant{Name: "single", Call: func(int) error {
				for _, key := range keys {
					if err := store.Put(ctx, "bench", key, value, core.NoTTL); err != nil {
						return err
					}
				}
				return nil
			}})
	})
}
