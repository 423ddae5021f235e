package core

import (
	"context"
	"errors"
	"iter"
)

// CollectionLister is implemented by stores that can list their collections.
type CollectionLister interface {
	Store

	// Collections ranges over the collections. See the function Collections.
	Collections(ctx context.Context) iter.Seq2[string, error]
}

// Collections ranges over the collections that hold a live entry, in no
// particular order and without a cap, each once. It follows the rules of
// [Keys] in everything else.
func Collections(ctx context.Context, s Store) iter.Seq2[string, error] {
	if s, ok := As[CollectionLister](s); ok {
		return s.Collections(ctx)
	}
	return failedSequence(errors.ErrUnsupported)
}
