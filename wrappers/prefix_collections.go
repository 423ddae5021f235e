package wrappers

import (
	"context"
	"iter"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// PrefixCollectionsOptions configure a [PrefixCollections].
type PrefixCollectionsOptions struct {
	// Prefix is what stands before the collections. It must not be empty.
	Prefix string
}

// PrefixCollections puts a prefix and `__` before every collection: `users`
// becomes `billing__users` in the store inside, and the empty collection
// `billing__default_collection`.
//
// Two different prefixes over one store never touch each other's entries,
// whatever prefixes and collections contain: a prefix that contains `__`, ends
// in `_` or starts with [names.Marker] is escaped. All other names are those of
// the Python library.
//
// Destroy destroys the collections under the prefix, for which the store must
// be able to list and to destroy collections. Cull acts on the whole store.
type PrefixCollections struct{ renamed }

var _ core.Full = (*PrefixCollections)(nil)

// NewPrefixCollections returns a PrefixCollections around the store. An empty
// prefix, or one that is not valid UTF-8, is [core.ErrInvalidOptions].
func NewPrefixCollections(inner core.Store, options *PrefixCollectionsOptions) (*PrefixCollections, error) {
	var o PrefixCollectionsOptions
	if options != nil {
		o = *options
	}
	prefix, err := newPrefix("prefix collections", inner, o.Prefix)
	if err != nil {
		return nil, err
	}
	naming := prefixedCollections{prefix.String()}
	return &PrefixCollections{renamed{life: newLife("prefix collections", inner), inner: inner, naming: naming}}, nil
}

// prefixedCollections is the naming of PrefixCollections.
type prefixedCollections struct{ head string }

func (p prefixedCollections) place(collection string) (inner, head string) {
	return p.head + core.CollectionName(collection), ""
}

func (p prefixedCollections) needs(c core.Capability) core.Capability {
	if c == core.CanDestroy {
		return core.CanCollections | core.CanDestroyCollection
	}
	return c
}

func (p prefixedCollections) collections(ctx context.Context, r *renamed) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for name, err := range core.Collections(ctx, r.inner) {
			own, ok := strings.CutPrefix(name, p.head)
			switch {
			case err != nil:
				ok = yield("", err)
			case ok && own != "":
				ok = yield(own, nil)
			default:
				ok = true
			}
			if !ok {
				return
			}
		}
	}
}
