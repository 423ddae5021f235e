package stacks

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/go-keyvalue/keyvalue/core"
)

// layer is one wrapper with its options. It is made anew over every store.
type layer struct {
	name string
	wrap wrapFunc
}

// stack is layers from the innermost to the outermost.
type stack []layer

// drawStack draws a stack of 1 to 6 wrappers.
func drawStack(t *rapid.T) stack {
	kinds := rapid.SliceOfN(rapid.SampledFrom(catalogue), 1, 6).Draw(t, "kinds")
	var s stack
	for _, k := range kinds {
		s = append(s, layer{k.name, k.draw(t)})
	}
	return s
}

// String names the layers, the outermost first.
func (s stack) String() string {
	var names []string
	for _, l := range s {
		names = append([]string{l.name}, names...)
	}
	return strings.Join(names, "(") + "(memory" + strings.Repeat(")", len(s))
}

// otherDefault is what DefaultCollection makes of the empty collection. The
// model uses that name, too.
const otherDefault = "shared"

// resolving are the wrappers for which the empty collection is
// core.DefaultCollection, whatever is inside of them.
var resolving = []string{
	"PrefixCollections", "SingleCollection", "PassthroughCache", "Fernet", "Encryption", "Routing", "CollectionRouting",
}

// defaultCollection returns what the empty collection stands for.
func (s stack) defaultCollection() string {
	for _, l := range slices.Backward(s) {
		switch {
		case l.name == "DefaultCollection":
			return otherDefault
		case slices.Contains(resolving, l.name):
			return core.DefaultCollection
		}
	}
	return core.DefaultCollection
}

// over makes the wrappers around the store.
func (s stack) over(t interface{ Fatalf(string, ...any) }, store core.Store) core.Store {
	for _, l := range s {
		wrapped, err := l.wrap(store)
		if err != nil {
			t.Fatalf("%s: %v", l.name, err)
		}
		store = wrapped
	}
	return store
}
