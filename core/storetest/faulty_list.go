package storetest

import (
	"context"
	"errors"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys passes each range on, unless a fault strikes it.
func (f *Faulty) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	if !f.enabled(core.CanKeys) {
		return unsupportedListing
	}
	names := core.Keys(ctx, f.store, collection)
	return func(yield func(string, error) bool) {
		f.list(ctx, collectionCall(ctx, "Keys", collection), names, yield)
	}
}

// Collections passes each range on, unless a fault strikes it.
func (f *Faulty) Collections(ctx context.Context) iter.Seq2[string, error] {
	if !f.enabled(core.CanCollections) {
		return unsupportedListing
	}
	names := core.Collections(ctx, f.store)
	return func(yield func(string, error) bool) {
		f.list(ctx, collectionCall(ctx, "Collections", ""), names, yield)
	}
}

func unsupportedListing(yield func(string, error) bool) { yield("", errors.ErrUnsupported) }

// list is one range over a listing. A fault without a key strikes the range
// after some names, one with a key strikes at that name.
func (f *Faulty) list(ctx context.Context, call Call, names iter.Seq2[string, error], yield func(string, error) bool) {
	fault := f.arrived(call)
	if fault != nil {
		if err := fault.wait(ctx, call, call.key()); err != nil {
			yield("", err)
			return
		}
		if !fault.fails() {
			fault = nil
		}
	}
	listed := 0
	for name, err := range names {
		if fault != nil && listed == fault.Names {
			if !failListing(fault, call, yield) {
				return
			}
			fault = nil
		}
		if err == nil {
			if at := f.atKey(call, name); at != nil {
				if waited := at.wait(ctx, call, ""); waited != nil {
					yield("", waited)
					return
				}
				if at.fails() {
					if !failListing(at, call, yield) {
						return
					}
					continue // the error stands in the place of the name
				}
			}
			listed++
		}
		if !yield(name, err) {
			return
		}
	}
	if fault != nil {
		failListing(fault, call, yield)
	}
}

// failListing yields the error of a fault and reports whether the listing
// goes on: behind a corrupt entry, if the caller wants more.
func failListing(fault *Fault, call Call, yield func(string, error) bool) bool {
	err := fault.failure(call, "")
	return yield("", err) && errors.Is(err, core.ErrCorrupt)
}
