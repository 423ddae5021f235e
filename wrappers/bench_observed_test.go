package wrappers_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"strconv"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// BenchmarkStatistics measures what counting adds to a call of a store that
// does nothing.
func BenchmarkStatistics(b *testing.B) {
	for _, c := range []struct {
		name        string
		sampleEvery int
	}{{"counters", -1}, {"sampled", 0}, {"each timed", 1}} {
		b.Run(c.name, func(b *testing.B) {
			store, err := wrappers.NewStatistics(newNoop(json.RawMessage(`{}`)), &wrappers.StatisticsOptions{SampleEvery: c.sampleEvery})
			if err != nil {
				b.Fatal(err)
			}
			benchmarkObserved(b, store)
		})
	}
}

// BenchmarkLogging measures what a disabled level costs, what it costs when
// only errors are logged, and what a record costs that goes nowhere.
func BenchmarkLogging(b *testing.B) {
	for _, c := range []struct {
		name  string
		level slog.Level
	}{{"disabled", slog.LevelError + 1}, {"errors only", slog.LevelError}, {"enabled", slog.LevelInfo}} {
		b.Run(c.name, func(b *testing.B) {
			logger := slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: c.level}))
			store, err := wrappers.NewLogging(newNoop(json.RawMessage(`{}`)), &wrappers.LoggingOptions{Logger: logger})
			if err != nil {
				b.Fatal(err)
			}
			benchmarkObserved(b, store)
		})
	}
}

func benchmarkObserved(b *testing.B, store core.Full) {
	ctx, value := b.Context(), json.RawMessage(`{}`)
	keys, items := make([]string, 100), make([]core.Item, 100)
	for i := range keys {
		keys[i] = "key " + strconv.Itoa(i)
		items[i] = core.Item{Key: keys[i], Value: value}
	}
	for name, call := range map[string]func() error{
		"Get":        func() error { _, err := store.Get(ctx, "users", "ada"); return err },
		"Put":        func() error { return store.Put(ctx, "users", "ada", value, core.NoTTL) },
		"Delete":     func() error { _, err := store.Delete(ctx, "users", "ada"); return err },
		"GetMany":    func() error { _, err := store.GetMany(ctx, "users", keys); return err },
		"PutMany":    func() error { return store.PutMany(ctx, "users", items) },
		"DeleteMany": func() error { _, err := store.DeleteMany(ctx, "users", keys); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("Get in parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := store.Get(ctx, "users", "ada"); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
