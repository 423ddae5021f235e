package storetest

import (
	"context"
	"errors"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// GetMany passes the call on, unless a fault strikes it. Keys struck alone are
// zero in the answer, with an error for each.
func (f *Faulty) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	call := keyCall(ctx, "GetMany", collection, keys...)
	read := func() ([]core.Entry, error) {
		broken := f.breakKeys(ctx, call)
		entries, err := f.store.GetMany(ctx, collection, keys)
		if entries == nil {
			return nil, err
		}
		for i, key := range keys {
			if broken.has(key) {
				entries[i] = core.Entry{}
			}
		}
		return entries, broken.join(err)
	}
	fault := f.arrived(call)
	if fault == nil || fault.Short <= 0 {
		return struck(ctx, fault, call, read)
	}
	entries, err := read()
	if waited := fault.wait(ctx, call, call.key()); waited != nil {
		return nil, waited
	}
	if fault.Err != nil {
		err = errors.Join(err, fault.failure(call, ""))
	}
	return entries[:max(0, len(entries)-fault.Short)], err
}

// PutMany passes the call on, unless a fault strikes it, without the items
// whose keys are struck alone.
func (f *Faulty) PutMany(ctx context.Context, collection string, items []core.Item) error {
	call := itemCall(ctx, "PutMany", collection, items)
	return acted(ctx, f, call, func() error {
		broken := f.breakKeys(ctx, call)
		rest := slices.DeleteFunc(slices.Clone(items), func(item core.Item) bool { return broken.skips(item.Key) })
		return broken.join(f.store.PutMany(ctx, collection, rest))
	})
}

// DeleteMany passes the call on, unless a fault strikes it, without the keys
// that are struck alone.
func (f *Faulty) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	call := keyCall(ctx, "DeleteMany", collection, keys...)
	return answered(ctx, f, call, func() (int, error) {
		broken := f.breakKeys(ctx, call)
		rest := slices.DeleteFunc(slices.Clone(keys), broken.skips)
		count, err := f.store.DeleteMany(ctx, collection, rest)
		return count, broken.join(err)
	})
}

// brokenKeys are the keys of one bulk call that faults strike alone.
type brokenKeys struct {
	skip map[string]bool // whether the key is to be left out
	errs []error
}

// breakKeys finds the keys of a bulk call that are struck alone, and waits
// for each as its fault says.
func (f *Faulty) breakKeys(ctx context.Context, call Call) brokenKeys {
	broken := brokenKeys{skip: make(map[string]bool)}
	seen := make(map[string]bool, len(call.Keys))
	for _, key := range call.Keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		fault := f.atKey(call, key)
		if fault == nil {
			continue
		}
		err := fault.wait(ctx, call, key)
		if err == nil && fault.fails() {
			err = fault.failure(call, key)
		}
		if err != nil {
			broken.skip[key] = !fault.LoseReply
			broken.errs = append(broken.errs, err)
		}
	}
	return broken
}

// has reports whether the key was struck.
func (b *brokenKeys) has(key string) bool { _, struck := b.skip[key]; return struck }

// skips reports whether the key must not reach the store: it was struck, and
// not by a fault that only loses the reply.
func (b *brokenKeys) skips(key string) bool { return b.skip[key] }

// join returns the error of the call and those of the keys, as one.
func (b *brokenKeys) join(err error) error {
	if len(b.errs) == 0 {
		return err
	}
	return errors.Join(append([]error{err}, b.errs...)...)
}
