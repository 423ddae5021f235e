package core

import (
	"context"
	"errors"
	"iter"
)

// KeyLister is implemented by stores that can list the keys of a collection.
type KeyLister interface {
	Store

	// Keys ranges over the live keys of the collection. See the function Keys.
	Keys(ctx context.Context, collection string) iter.Seq2[string, error]
}

// Keys ranges over the live keys of the collection, in no particular order
// and without a cap. When nothing changes meanwhile, each key comes exactly
// once. Each range starts anew.
//
// A corrupt entry yields "" and an [Error] that matches [ErrCorrupt], and the
// sequence goes on. Any other error is the last element:
// [errors.ErrUnsupported] where the store cannot list keys.
//
// The body of the loop may call anything on the same store, Close included.
func Keys(ctx context.Context, s Store, collection string) iter.Seq2[string, error] {
	if s, ok := As[KeyLister](s); ok {
		return s.Keys(ctx, collection)
	}
	return failedSequence(errors.ErrUnsupported)
}

// failedSequence is a sequence whose only element is an error.
func failedSequence(err error) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { yield("", err) }
}
