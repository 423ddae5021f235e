package wrappers_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// second makes of a constructor what WrapperOptions.Second wants.
func second[W core.Full, O any](newWrapper func(core.Store, *O) (W, error), options *O) func(*testing.T, core.Store) core.Store {
	wrap := wrapping(newWrapper, options)
	return func(t *testing.T, inner core.Store) core.Store { return wrap(t, inner) }
}

// needing returns what a wrapper offers that needs more of the store inside
// than the capability itself.
func needing(needs map[core.Capability]core.Capability) func(core.Capability) core.Capability {
	return func(inner core.Capability) (offered core.Capability) {
		for single := range core.CanAll.Each {
			need, ok := needs[single]
			if !ok {
				need = single
			}
			if inner.Has(need) {
				offered |= single
			}
		}
		return offered
	}
}

func TestPrefixKeys(t *testing.T) {
	prove(t, wrapping(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: "tenant"}), &storetest.WrapperOptions{
		RenamesKeys: true,
		Second:      second(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: "tenant__x"}),
		Capabilities: needing(map[core.Capability]core.Capability{
			core.CanCollections:       core.CanKeys | core.CanCollections,
			core.CanDestroyCollection: core.CanKeys,
			core.CanDestroy:           core.CanKeys | core.CanCollections,
		}),
	}, nil)
}

func TestPrefixCollections(t *testing.T) {
	prove(t, wrapping(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "tenant"}), &storetest.WrapperOptions{
		RenamesCollections: true,
		Second:             second(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "tenant__x"}),
		Capabilities: needing(map[core.Capability]core.Capability{
			core.CanDestroy: core.CanCollections | core.CanDestroyCollection,
		}),
	}, nil)
}

func TestSingleCollection(t *testing.T) {
	prove(t, wrapping(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Collection: "all"}), &storetest.WrapperOptions{
		RenamesCollections: true,
		RenamesKeys:        true,
		Second:             second(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Collection: "all__x"}),
		Capabilities: needing(map[core.Capability]core.Capability{
			core.CanCollections:       core.CanKeys,
			core.CanDestroyCollection: core.CanKeys,
			core.CanDestroy:           core.CanKeys,
		}),
	}, nil)
}

func TestDefaultCollection(t *testing.T) {
	prove(t, wrapping(wrappers.NewDefaultCollection, &wrappers.DefaultCollectionOptions{Collection: "sessions"}),
		&storetest.WrapperOptions{DefaultCollection: "sessions"}, &storetest.Options{DefaultCollection: "sessions"})
}
