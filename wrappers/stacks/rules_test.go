package stacks

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
)

// A random stack of wrappers keeps the rules of a store. The stacks are the
// same in every run; the model draws new ones each time.
func TestRules(t *testing.T) {
	stacks := rapid.Custom(drawStack)
	for seed := range 16 {
		s := stacks.Example(seed)
		t.Run(fmt.Sprintf("%d %v", seed, s), func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) core.Store { return newStack(t, s) }, &storetest.Options{
				Capabilities:      core.CanAll,
				DefaultCollection: s.defaultCollection(),
				InProcess:         true,
				ArgumentsFirst:    true,
				Many:              1_100,
			})
		})
	}
}

func newStack(t *testing.T, s stack) core.Store {
	t.Helper()
	inner, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.over(t, inner)
}
