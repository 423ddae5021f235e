package keyring_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// The store and the raw driver take turns on one keyring, with the same bytes.

func BenchmarkFile(b *testing.B) { compare(b, inFiles(b.TempDir())) }

func BenchmarkSecretService(b *testing.B) {
	needDesktop(b)
	compare(b, &keyring.Config{Backends: []driver.BackendType{driver.SecretServiceBackend}, Service: "keyvalue-bench"})
}

func compare(b *testing.B, config *keyring.Config) {
	store := open(b, config)
	ring := store.Client()
	value := fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24))
	if err := store.Put(b.Context(), "bench", "store", value, 0); err != nil {
		b.Fatal(err)
	}
	item, err := ring.Get(store.ItemName("bench", "store"))
	if err != nil {
		b.Fatal(err)
	}
	item.Key = names.Compound("bench", "raw")
	if err := ring.Set(item); err != nil {
		b.Fatal(err)
	}
	b.Run("Get", func(b *testing.B) {
		byTurns(b, func() error {
			_, err := store.Get(b.Context(), "bench", "store")
			return err
		}, func() error {
			_, err := ring.Get(item.Key)
			return err
		})
	})
	b.Run("Put", func(b *testing.B) {
		byTurns(b,
			func() error { return store.Put(b.Context(), "bench", "store", value, 0) },
			func() error { return ring.Set(item) })
	})
}

// byTurns reports how long the store takes for each of the driver's time.
func byTurns(b *testing.B, store, raw func() error) {
	var times [2][]float64
	for b.Loop() {
		for i, call := range []func() error{store, raw} {
			start := time.Now()
			if err := call(); err != nil {
				b.Fatal(err)
			}
			times[i] = append(times[i], float64(time.Since(start)))
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	a, r := times[0][len(times[0])/2], times[1][len(times[1])/2]
	b.ReportMetric(0, "ns/op") // of a turn: without meaning
	b.ReportMetric(a/1e6, "store-ms")
	b.ReportMetric(r/1e6, "raw-ms")
	b.ReportMetric(a/r, "x-of-raw")
}
