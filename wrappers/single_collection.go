package wrappers

import (
	"context"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// SingleCollectionOptions configure a [SingleCollection].
type SingleCollectionOptions struct {
	// Collection is the one collection in the store inside. Empty means
	// core.DefaultCollection.
	Collection string

	// Separator stands between the caller's collection and key in a key of
	// the store inside: ASCII punctuation without ~ and %. Empty means `__`.
	Separator string
}

// SingleCollection keeps all collections in one: the key `ada` of the
// collection `users` becomes `users__ada`. It is for stores that have no
// collections, or few, or where each costs.
//
// Different pairs of collection and key never meet, whatever they contain: a
// collection that contains the separator, could end in its beginning, or
// starts with [names.Marker] is escaped. All other names are those of the
// Python library.
//
// All who share the collection below must use the same separator: with another
// one they read other names into the same keys.
//
// Keys that were not written through such a wrapper are not touched. All
// listing and destroying needs a store that can list keys. Collections holds
// the distinct names in memory that it has seen.
type SingleCollection struct{ renamed }

var _ core.Full = (*SingleCollection)(nil)

// NewSingleCollection returns a SingleCollection around the store. An illegal
// collection or separator is [core.ErrInvalidOptions].
func NewSingleCollection(inner core.Store, options *SingleCollectionOptions) (*SingleCollection, error) {
	var o SingleCollectionOptions
	if options != nil {
		o = *options
	}
	if inner == nil {
		return nil, refuseOptions("single collection", "the store inside is nil")
	}
	if core.CheckCollection(o.Collection) != nil {
		return nil, refuseOptions("single collection", "Collection is not valid UTF-8")
	}
	joiner, err := names.NewJoiner(o.Separator)
	if err != nil {
		return nil, &core.Error{Op: "new", Store: "single collection", Err: err}
	}
	naming := joined{core.CollectionName(o.Collection), joiner}
	return &SingleCollection{renamed{life: newLife("single collection", inner), inner: inner, naming: naming}}, nil
}

// joined is the naming of SingleCollection.
type joined struct {
	collection string
	joiner     names.Joiner
}

func (j joined) place(collection string) (inner, head string) {
	return j.collection, j.joiner.Head(core.CollectionName(collection))
}

func (j joined) needs(c core.Capability) core.Capability {
	switch c {
	case core.CanCollections, core.CanDestroyCollection, core.CanDestroy:
		return core.CanKeys
	}
	return c
}

func (j joined) collections(ctx context.Context, r *renamed) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		seen := make(map[string]struct{})
		for name, err := range core.Keys(ctx, r.inner, j.collection) {
			if err != nil {
				if !yield("", renameOp(err, "collections", "")) {
					return
				}
				continue
			}
			collection, key, ok := j.joiner.Split(name)
			if _, again := seen[collection]; again || !ok || collection == "" || key == "" {
				continue
			}
			seen[collection] = struct{}{}
			if !yield(collection, nil) {
				return
			}
		}
	}
}
