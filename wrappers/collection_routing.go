package wrappers

import "github.com/go-keyvalue/keyvalue/core"

// CollectionRoutingOptions configure a [CollectionRouting]. Nil and the zero
// value send every collection to the default store.
type CollectionRoutingOptions struct {
	// Stores maps collections to their stores. The empty collection is
	// core.DefaultCollection; to name both is a contradiction. The map is
	// copied.
	Stores map[string]core.Store
}

// CollectionRouting sends each collection to one of several stores, by a map,
// and those that are not in it to the default one. See [Routing] for what it
// does beyond that.
type CollectionRouting struct{ routed }

var _ core.Full = (*CollectionRouting)(nil)

// NewCollectionRouting returns a CollectionRouting with the store for
// collections that are not in the map. A nil store is
// [core.ErrInvalidOptions].
func NewCollectionRouting(defaultStore core.Store, options *CollectionRoutingOptions) (*CollectionRouting, error) {
	stores := make(map[string]core.Store)
	if options != nil {
		for collection, store := range options.Stores {
			name := core.CollectionName(collection)
			if _, twice := stores[name]; twice {
				return nil, refuseOptions("collection routing", "the default collection is in Stores twice")
			}
			stores[name] = store
		}
	}
	r, places, err := newRouted("collection routing", defaultStore, stores)
	if err != nil {
		return nil, err
	}
	r.route = func(collection string) (int, error) { return places[collection], nil } // 0 is the default
	return &CollectionRouting{r}, nil
}
