package wrappers

import (
	"context"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
)

// DefaultCollectionOptions configure a [DefaultCollection].
type DefaultCollectionOptions struct {
	// Collection is what the empty collection stands for. It must be set.
	Collection string
}

// DefaultCollection gives the empty collection another name than
// [core.DefaultCollection]. Every other name passes as it is, that one too: the
// empty collection and the one of that name are the same.
//
// Put it outside of wrappers that tell collections apart: a cache, encryption,
// routing, a prefix before collections, SingleCollection. To those the empty
// collection is core.DefaultCollection, and so it is to what they stand
// before; a DefaultCollection inside of one has no effect.
type DefaultCollection struct{ renamed }

var _ core.Full = (*DefaultCollection)(nil)

// NewDefaultCollection returns a DefaultCollection around the store. A
// collection that is empty or not valid UTF-8 is [core.ErrInvalidOptions].
func NewDefaultCollection(inner core.Store, options *DefaultCollectionOptions) (*DefaultCollection, error) {
	var o DefaultCollectionOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("default collection", "the store inside is nil")
	case o.Collection == "":
		return nil, refuseOptions("default collection", "Collection is empty")
	case core.CheckCollection(o.Collection) != nil:
		return nil, refuseOptions("default collection", "Collection is not valid UTF-8")
	}
	return &DefaultCollection{renamed{
		life: newLife("default collection", inner), inner: inner, naming: defaulted{o.Collection},
	}}, nil
}

// Destroy is [core.Destroy] of the store inside.
func (d *DefaultCollection) Destroy(ctx context.Context) error { return core.Destroy(ctx, d.inner) }

// withDefaultName returns a view of the store in which the empty collection is
// core.DefaultCollection also where the store itself has another. A wrapper
// needs it that takes the two for one, and does not name every collection.
func withDefaultName(store core.Store) core.Store {
	naming := defaulted{core.DefaultCollection}
	return &DefaultCollection{renamed{life: newLife("default collection", store), inner: store, naming: naming}}
}

// defaulted is the naming of DefaultCollection.
type defaulted struct{ collection string }

func (d defaulted) place(collection string) (inner, head string) {
	if collection == "" {
		return d.collection, ""
	}
	return collection, ""
}

func (d defaulted) needs(c core.Capability) core.Capability { return c }

func (d defaulted) collections(ctx context.Context, r *renamed) iter.Seq2[string, error] {
	return core.Collections(ctx, r.inner)
}
