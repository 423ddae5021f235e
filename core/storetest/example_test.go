package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// open stands for the function that opens your store.
func open() core.Store { return nil }

// The test of a store of your own is one call.
func ExampleRun() {
	_ = func(t *testing.T) { // func TestStore(t *testing.T)
		storetest.Run(t, func(t *testing.T) core.Store {
			return open()
		}, &storetest.Options{
			Capabilities: core.CanKeys | core.CanInsert | core.CanPing,
			MaxKey:       512,
		})
	}
}

// A command can check a server in use: what was there before is left alone.
func ExampleCheck() {
	_ = func(ctx context.Context, store core.Store) {
		err := storetest.Check(ctx, store, &storetest.Options{Capabilities: core.CanPing})
		var v *storetest.Violation
		if errors.As(err, &v) {
			fmt.Printf("the store fails %s, so it breaks the rules %v:\n", v.Case, v.Rules)
		}
		fmt.Println(err)
	}
}

func ExampleBench() {
	_ = func(b *testing.B) { // func BenchmarkStore(b *testing.B)
		storetest.Bench(b, func(*testing.B) core.Store { return open() })
	}
}

func ExampleFuzz() {
	_ = func(f *testing.F) { // func FuzzStore(f *testing.F)
		storetest.Fuzz(f, func(*testing.T) core.Store { return open() })
	}
}
