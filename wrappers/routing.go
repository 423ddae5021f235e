package wrappers

import (
	"maps"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// RoutingOptions configure a [Routing].
type RoutingOptions struct {
	// Stores are the stores beside the default one, by the names that Route
	// returns. The map is copied.
	Stores map[string]core.Store

	// Route returns the name of the store for a collection, or an empty
	// string for the default one. The empty collection comes as
	// core.DefaultCollection. It must be set, answer the same each time, and
	// be safe for concurrent use.
	Route func(collection string) string
}

// Routing sends each collection to one of several stores, by a function.
//
// A name that is not in Stores makes a call [ErrNoRoute], and nothing is done.
// Collections lists of each store what is routed to it. Destroy, Cull, Ping,
// Setup and Close reach every store, one under several names once. A
// capability is there if every store has it.
type Routing struct{ routed }

var _ core.Full = (*Routing)(nil)

// NewRouting returns a Routing with the store for what goes to no other. A
// nil Route and a nil store are [core.ErrInvalidOptions].
func NewRouting(defaultStore core.Store, options *RoutingOptions) (*Routing, error) {
	var o RoutingOptions
	if options != nil {
		o = *options
	}
	if o.Route == nil {
		return nil, refuseOptions("routing", "Route is nil")
	}
	r, places, err := newRouted("routing", defaultStore, o.Stores)
	if err != nil {
		return nil, err
	}
	r.route = func(collection string) (int, error) {
		name := o.Route(collection)
		if name == "" {
			return 0, nil
		}
		place, ok := places[name]
		if !ok {
			return 0, noRoute(name)
		}
		return place, nil
	}
	return &Routing{r}, nil
}

// newRouted returns a routed without a route, and the place of each named
// store. The default store has place 0.
func newRouted(name string, defaultStore core.Store, stores map[string]core.Store) (routed, map[string]int, error) {
	if defaultStore == nil {
		return routed{}, nil, refuseOptions(name, "the default store is nil")
	}
	names := slices.Sorted(maps.Keys(stores))
	all := []core.Store{defaultStore}
	for _, key := range names {
		if stores[key] == nil {
			return routed{}, nil, refuseOptions(name, "a store of Stores is nil")
		}
		all = append(all, stores[key])
	}
	each, found := distinct(all)
	places := make(map[string]int, len(names))
	for i, key := range names {
		places[key] = found[i+1]
	}
	views := make([]core.Store, len(each))
	for i, store := range each {
		views[i] = withDefaultName(store)
	}
	return routed{life: newLife(name, each...), stores: views}, places, nil
}
