package storetest

import (
	"encoding/json"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// plainly makes a wrapFunc of a constructor that needs no test.
func plainly[S core.Store](wrap func(core.Store) S) wrapFunc {
	return func(_ *testing.T, inner core.Store) core.Store { return wrap(inner) }
}

func wrapKeys(inner core.Store) *prefixed        { return newPrefixed(inner, "", "tenant") }
func wrapCollections(inner core.Store) *prefixed { return newPrefixed(inner, "tenant", "") }

func offeredBy(p *prefixed) func(core.Capability) core.Capability {
	return func(inner core.Capability) core.Capability { return p.capabilities(inner.Has) }
}

var (
	transparentOptions = &WrapperOptions{Transparent: true}
	recodedOptions     = &WrapperOptions{RecodesValues: true, Undecodable: json.RawMessage(`{"plain":1}`)}
	keysOptions        = &WrapperOptions{
		RenamesKeys:  true,
		Capabilities: offeredBy(wrapKeys(nil)),
		Second:       plainly(func(inner core.Store) core.Store { return newPrefixed(inner, "", "tenant__x") }),
	}
	collectionsOptions = &WrapperOptions{
		RenamesCollections: true,
		Capabilities:       offeredBy(wrapCollections(nil)),
		Second:             plainly(func(inner core.Store) core.Store { return newPrefixed(inner, "tenant__x", "") }),
	}
)

// goodWrappers must pass every proof.
var goodWrappers = []struct {
	name    string
	wrap    wrapFunc
	options *WrapperOptions
}{
	{"transparent", plainly(newTransparent), transparentOptions},
	{"keep open", plainly(core.KeepOpen), &WrapperOptions{Transparent: true, KeepsOpen: true}},
	{"keys", plainly(wrapKeys), keysOptions},
	{"collections", plainly(wrapCollections), collectionsOptions},
	{"both", plainly(func(inner core.Store) core.Store { return newPrefixed(inner, "tenant", "tenant") }), &WrapperOptions{
		RenamesCollections: true, RenamesKeys: true,
		Capabilities: keysOptions.Capabilities,
		Second:       plainly(func(inner core.Store) core.Store { return newPrefixed(inner, "tenant", "tenant__x") }),
	}},
	{"recoded", plainly(newRecoded), recodedOptions},
	{"read-only", plainly(func(inner core.Store) core.Store { return newReadOnly(inner, false) }), readOnlyOptions(core.ErrReadOnly)},
	{"silent", plainly(func(inner core.Store) core.Store { return newReadOnly(inner, true) }), readOnlyOptions(nil)},
}

func TestGoodWrappers(t *testing.T) {
	for _, good := range goodWrappers {
		t.Run(good.name, func(t *testing.T) { RunWrapper(t, good.wrap, good.options) })
	}
}

// The doubles of this package are transparent wrappers too, except that they
// pass on every Close that they see.
func TestDoublesAreWrappers(t *testing.T) {
	for _, wrap := range []wrapFunc{plainly(NewRecorder), plainly(NewFaulty)} {
		options := &WrapperOptions{Transparent: true, Skip: map[string]string{"closing": "each Close is seen below"}}
		for _, v := range checkWrapper(t, wrap, options) {
			t.Error(v)
		}
	}
}

// A wrapper around a good store is a good store.
func TestGoodWrappersAreStores(t *testing.T) {
	for _, good := range goodWrappers {
		if len(good.options.Refuses) > 0 {
			continue
		}
		t.Run(good.name, func(t *testing.T) {
			options := &Options{Capabilities: good.options.withDefaults().offered(core.CanAll), InProcess: true, ArgumentsFirst: true}
			Run(t, func(t *testing.T) core.Store { return good.wrap(t, newBase()) }, options)
		})
	}
}

func TestGoodWrappersOnFakeClock(t *testing.T) {
	options := *transparentOptions
	options.FakeClock = true
	RunWrapper(t, plainly(newTransparent), &options)
}
