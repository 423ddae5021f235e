package wrappers

import (
	"context"
	"errors"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// PrefixKeysOptions configure a [PrefixKeys].
type PrefixKeysOptions struct {
	// Prefix is what stands before the keys. It must not be empty.
	Prefix string
}

// PrefixKeys puts a prefix and `__` before every key: `user` becomes
// `billing__user` in the store inside. Several programs, or parts of one, can
// share collections in this way.
//
// Two different prefixes over one store never touch each other's entries,
// whatever prefixes and keys contain: a prefix that contains `__`, ends in `_`
// or starts with [names.Marker] is escaped. All other names are those of the
// Python library.
//
// Listing and destroying see the keys under the prefix alone. For that
// DestroyCollection needs a store that can list keys, and Collections and
// Destroy one that can list collections too. Cull acts on the whole store.
type PrefixKeys struct{ renamed }

var _ core.Full = (*PrefixKeys)(nil)

// NewPrefixKeys returns a PrefixKeys around the store. An empty prefix, or one
// that is not valid UTF-8, is [core.ErrInvalidOptions].
func NewPrefixKeys(inner core.Store, options *PrefixKeysOptions) (*PrefixKeys, error) {
	var o PrefixKeysOptions
	if options != nil {
		o = *options
	}
	prefix, err := newPrefix("prefix keys", inner, o.Prefix)
	if err != nil {
		return nil, err
	}
	return &PrefixKeys{renamed{life: newLife("prefix keys", inner), inner: inner, naming: prefixedKeys{prefix.String()}}}, nil
}

// newPrefix checks what the constructors of both prefixes are given.
func newPrefix(name string, inner core.Store, prefix string) (names.Prefix, error) {
	switch {
	case inner == nil:
		return names.Prefix{}, refuseOptions(name, "the store inside is nil")
	case prefix == "":
		return names.Prefix{}, refuseOptions(name, "the prefix is empty")
	case core.CheckCollection(prefix) != nil:
		return names.Prefix{}, refuseOptions(name, "the prefix is not valid UTF-8")
	}
	return names.NewPrefix(prefix)
}

// prefixedKeys is the naming of PrefixKeys.
type prefixedKeys struct{ head string }

func (p prefixedKeys) place(collection string) (inner, head string) { return collection, p.head }

func (p prefixedKeys) needs(c core.Capability) core.Capability {
	switch c {
	case core.CanDestroyCollection:
		return core.CanKeys
	case core.CanCollections, core.CanDestroy:
		return core.CanKeys | core.CanCollections
	}
	return c
}

// collections yields the collections that have a key under the prefix.
func (p prefixedKeys) collections(ctx context.Context, r *renamed) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for collection, err := range core.Collections(ctx, r.inner) {
			if err != nil {
				if !yield("", err) {
					return
				}
				continue
			}
			if !p.holds(ctx, r, collection, yield) {
				return
			}
		}
	}
}

// holds yields the collection if it has an own key, and reports whether the
// listing goes on.
func (p prefixedKeys) holds(ctx context.Context, r *renamed, collection string, yield func(string, error) bool) bool {
	for _, err := range r.Keys(ctx, collection) {
		if err == nil {
			return yield(collection, nil)
		}
		if !yield("", renameOp(err, "collections", collection)) || !errors.Is(err, core.ErrCorrupt) {
			return false
		}
	}
	return true
}
