package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// brokenAnswers are wrappers that tell their callers something else than what
// happened.
var brokenAnswers = []brokenWrapper{
	{"renames collections in secret", "collections", plainly(wrapCollections), &WrapperOptions{Capabilities: collectionsOptions.Capabilities}},
	{"renames keys in secret", "keys", plainly(wrapKeys), &WrapperOptions{Capabilities: keysOptions.Capabilities}},
	{"writes the first of a batch", "values", plainly(func(s core.Store) core.Store { return writesFirst{newTransparent(s)} }), transparentOptions},
	{"says that every insert won", "results", plainly(func(s core.Store) core.Store { return alwaysInserts{newTransparent(s)} }), transparentOptions},
	{"counts the keys instead of the entries", "results", plainly(func(s core.Store) core.Store { return countsKeys{newTransparent(s)} }), transparentOptions},
	{"leaves duplicates out of the answer", "results", plainly(func(s core.Store) core.Store { return leavesDuplicates{newTransparent(s)} }), transparentOptions},
	{"does not say that a collection was there", "results", plainly(func(s core.Store) core.Store { return saysNothing{newTransparent(s)} }), transparentOptions},
	{"destroys nothing", "results", plainly(func(s core.Store) core.Store { return destroysNothing{newTransparent(s)} }), transparentOptions},
	{"culls what is alive", "results", plainly(func(s core.Store) core.Store { return cullsAll{newTransparent(s)} }), transparentOptions},
	{"answers another default", "not found", plainly(func(s core.Store) core.Store { return defaulted{newObserved(s)} }), &WrapperOptions{DefaultValue: json.RawMessage(`{}`)}},
	{"answers a default that was not asked for", "not found", plainly(func(s core.Store) core.Store { return defaulted{newObserved(s)} }), &WrapperOptions{}},
	{"hands out an entry with an error", "errors", plainly(func(s core.Store) core.Store { return entryBeside{newTransparent(s)} }), transparentOptions},
	{"hands out a batch with an error", "errors", plainly(func(s core.Store) core.Store { return batchBeside{newTransparent(s)} }), transparentOptions},
	{"wraps a miss among others", "partial failures", plainly(func(s core.Store) core.Store { return defaultsFailed{newTransparent(s)} }), transparentOptions},
	{"wraps a miss in the error of another call", "errors", plainly(func(s core.Store) core.Store { return wrapsMiss{newTransparent(s)} }), transparentOptions},
	{"says that it can nothing at once", "supports", plainly(func(s core.Store) core.Store { return oneByOne{newTransparent(s)} }), transparentOptions},
	{"does not support nothing", "supports", plainly(func(s core.Store) core.Store { return neverNothing{newTransparent(s)} }), transparentOptions},
	{"cannot what its options say", "supports", plainly(newTransparent), &WrapperOptions{
		Transparent:  true,
		Capabilities: func(inner core.Capability) core.Capability { return inner &^ core.CanCull },
	}},
	{"fails where it can", "supports", plainly(func(s core.Store) core.Store { return failsPing{newTransparent(s)} }), transparentOptions},
	{"needs Setup to be there", "supports", plainly(func(s core.Store) core.Store { return unsupportedSetup{newTransparent(s)} }), transparentOptions},
	{"deletes one as a batch", "bulk", plainly(func(s core.Store) core.Store { return deletesAsBatch{newTransparent(s)} }), transparentOptions},
	{"pings for an empty batch", "empty batch", plainly(func(s core.Store) core.Store { return pingsForNothing{newTransparent(s)} }), transparentOptions},
	{"wraps the error of Close", "closing", plainly(func(s core.Store) core.Store { return wrapsClose{newTransparent(s)} }), transparentOptions},
	{"names the entry that it cannot list", "listing", plainly(func(s core.Store) core.Store { return namesBad{newTransparent(s)} }), transparentOptions},
	{"hides that a listing broke off", "listing", plainly(func(s core.Store) core.Store { return looksComplete{newTransparent(s)} }), transparentOptions},
	{"removes what it cannot decode", "undecodable", plainly(func(s core.Store) core.Store { return removesCorrupt{newRecoded(s)} }), recodedOptions},
	{"cannot replace what it cannot decode", "undecodable", plainly(func(s core.Store) core.Store { return readsBeforePut{newRecoded(s)} }), recodedOptions},
	{"fails a batch for what it cannot decode", "undecodable", plainly(func(s core.Store) core.Store { return failsBatch{newRecoded(s)} }), recodedOptions},
}

type writesFirst struct{ transparent }

func (w writesFirst) PutMany(ctx context.Context, collection string, items []core.Item) error {
	return w.inner.PutMany(ctx, collection, items[:min(1, len(items))])
}

type alwaysInserts struct{ transparent }

func (a alwaysInserts) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	_, err := core.Insert(ctx, a.inner, collection, key, value, ttl)
	return err == nil, err
}

type countsKeys struct{ transparent }

func (c countsKeys) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	count, err := c.inner.DeleteMany(ctx, collection, keys)
	if err == nil {
		count = len(keys)
	}
	return count, err
}

type leavesDuplicates struct{ transparent }

func (l leavesDuplicates) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	return l.inner.GetMany(ctx, collection, slices.Compact(slices.Sorted(slices.Values(keys))))
}

type saysNothing struct{ transparent }

func (s saysNothing) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	_, err := core.DestroyCollection(ctx, s.inner, collection)
	return false, err
}

type destroysNothing struct{ transparent }

func (d destroysNothing) Destroy(ctx context.Context) error {
	if !d.Supports(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	return core.Ping(ctx, d.inner)
}

type cullsAll struct{ transparent }

func (c cullsAll) Cull(ctx context.Context) (int, error) {
	count, err := core.Cull(ctx, c.inner)
	if err == nil {
		err = core.Destroy(ctx, c.inner)
	}
	return count, err
}

type entryBeside struct{ transparent }

func (e entryBeside) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := e.inner.Get(ctx, collection, key)
	if err != nil && err != core.ErrNotFound {
		entry.Value = json.RawMessage(`{}`)
	}
	return entry, err
}

type batchBeside struct{ transparent }

func (b batchBeside) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := b.inner.GetMany(ctx, collection, keys)
	if entries == nil {
		entries = make([]core.Entry, len(keys))
	}
	return entries, err
}

type defaultsFailed struct{ transparent }

func (d defaultsFailed) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	found, err := d.inner.GetMany(ctx, collection, keys)
	entries := slices.Clone(found)
	for i := range entries {
		if !entries[i].Found() {
			entries[i].Value = json.RawMessage(`{}`)
		}
	}
	return entries, err
}

type wrapsMiss struct{ transparent }

func (w wrapsMiss) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	err := w.inner.Put(ctx, collection, key, value, ttl)
	return core.MapErrors(err, func(e core.Error) core.Error {
		e.Err = fmt.Errorf("%w: %w", e.Err, core.ErrNotFound)
		return e
	})
}

type oneByOne struct{ transparent }

func (o oneByOne) Supports(wanted core.Capability) bool {
	return wanted&(wanted-1) == 0 && core.Supports(o.inner, wanted)
}

type neverNothing struct{ transparent }

func (n neverNothing) Supports(wanted core.Capability) bool {
	return wanted != 0 && core.Supports(n.inner, wanted)
}

type failsPing struct{ transparent }

func (f failsPing) Ping(ctx context.Context) error {
	if err := core.Ping(ctx, f.inner); err != nil {
		return err
	}
	return recodeError("ping", "", "", errBelow)
}

type unsupportedSetup struct{ transparent }

func (unsupportedSetup) Setup(context.Context, ...string) error { return errors.ErrUnsupported }

type deletesAsBatch struct{ transparent }

func (d deletesAsBatch) Delete(ctx context.Context, collection, key string) (bool, error) {
	count, err := d.inner.DeleteMany(ctx, collection, []string{key})
	return count == 1, err
}

type pingsForNothing struct{ transparent }

func (p pingsForNothing) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if len(keys) == 0 {
		return nil, core.Ping(ctx, p.inner)
	}
	return p.inner.GetMany(ctx, collection, keys)
}

type wrapsClose struct{ transparent }

func (w wrapsClose) Close() error {
	if err := w.transparent.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	return nil
}

type namesBad struct{ transparent }

func (n namesBad) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for key, err := range core.Keys(ctx, n.inner, collection) {
			if err != nil && err != errors.ErrUnsupported {
				key = "bad"
			}
			if !yield(key, err) {
				return
			}
		}
	}
}

type looksComplete struct{ transparent }

func (l looksComplete) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for key, err := range core.Keys(ctx, l.inner, collection) {
			if errors.Is(err, errBelow) || !yield(key, err) {
				return
			}
		}
	}
}

type removesCorrupt struct{ *recoded }

func (r removesCorrupt) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := r.recoded.Get(ctx, collection, key)
	if errors.Is(err, core.ErrCorrupt) {
		_, _ = r.inner.Delete(ctx, collection, key)
	}
	return entry, err
}

type readsBeforePut struct{ *recoded }

func (r readsBeforePut) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	_, err := r.Get(ctx, collection, key)
	if errors.Is(err, core.ErrCorrupt) {
		return recodeError("put", collection, key, core.ErrCorrupt)
	}
	return r.recoded.Put(ctx, collection, key, value, ttl)
}

type failsBatch struct{ *recoded }

func (f failsBatch) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := f.recoded.GetMany(ctx, collection, keys)
	if err != nil {
		return nil, err
	}
	return entries, nil
}
