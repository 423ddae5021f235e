package names_test

import (
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// sink keeps results from being allocated on the stack, as a caller's are not.
var sink string

func BenchmarkCompound(b *testing.B) {
	for _, bench := range []struct{ what, collection string }{
		{"plain", "default_collection"},
		{"escaped", "users::eu"},
	} {
		b.Run(bench.what, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink = names.Compound(bench.collection, "user:12345678")
			}
		})
	}
}

func BenchmarkAppendCompound(b *testing.B) {
	dst := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		names.AppendCompound(dst, "default_collection", "user:12345678")
	}
}

func BenchmarkSplitCompound(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		names.SplitCompound("default_collection::user:12345678")
	}
}

func BenchmarkPrefix(b *testing.B) {
	prefix, err := names.NewPrefix("application")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = prefix.Add("user:12345678")
		}
	})
	b.Run("strip", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			prefix.Strip("application__user:12345678")
		}
	})
}

func BenchmarkScheme(b *testing.B) {
	for _, bench := range []struct{ what, name string }{
		{"plain", "user_12345678_profile"},
		{"escaped", "user/12345678?profile"},
		{"hashed", strings.Repeat("x", 300)},
	} {
		encoded := names.FileNames.Encode(bench.name)
		b.Run(bench.what+"/encode", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink = names.FileNames.Encode(bench.name)
			}
		})
		b.Run(bench.what+"/decode", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				names.FileNames.Decode(encoded)
			}
		})
	}
}
