package wrappers

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// rewrapBatch is how many entries are read and written at once. Writers of
// these keys wait meanwhile.
const rewrapBatch = 100

// Rewrap encrypts every entry of the collection again that is not under the
// first key, and returns how many those were. Plaintext counts as such an entry
// where the options permit it. Entries under the first key are opened, too, and
// not written.
//
// The store stays in use. Writes through this very wrapper wait where they
// meet the batch of 100 keys that is at work; none is lost, and no entry comes
// back that was deleted. Reads do not wait. This does not hold for writes that
// go past the wrapper, from another process or by another wrapper over the same
// store: no store can replace an entry only where it is unchanged, so one
// written between the read and the write of a batch would be lost. Let one
// process do the writing while Rewrap runs.
//
// An entry keeps its remaining time to live, except for the time that the
// store takes to answer; if it expires meanwhile it is removed. Its creation
// time becomes the time of the Rewrap.
//
// What cannot be opened stays as it is and is reported, with all other errors,
// joined, after the rest is done; an error that speaks of no single key ends
// it. A write of Rewrap that failed with an unknown outcome, by a timeout for
// example, may take effect later, and undo a write that came after it.
//
// Before you take an old key away, see to it that no process has it as its
// first, and run Rewrap on each collection until it answers 0 and no error:
// then every entry has been opened with the new first key.
//
// Rewrap needs [core.CanKeys]; the error is [errors.ErrUnsupported] otherwise.
// It keeps all keys of the collection in memory. Several at once do no harm.
func (s *sealed) Rewrap(ctx context.Context, collection string) (int, error) {
	if err := s.checkCollection(ctx, "rewrap", collection); err != nil {
		return 0, err
	}
	if !s.Supports(core.CanKeys) {
		return 0, errors.ErrUnsupported
	}
	r := rewrap{sealed: s, collection: collection}
	var keys []string // first of all of them: a listing may miss keys that are written meanwhile
	for key, err := range s.Keys(ctx, collection) {
		if err != nil {
			r.errs = append(r.errs, err)
			continue
		}
		keys = append(keys, key)
	}
	slices.Sort(keys) // a listing may also repeat some
	keys = slices.Compact(keys)
	var busy []string
	for batch := range slices.Chunk(keys, rewrapBatch) {
		left, ok := r.tryBatch(ctx, batch)
		if !ok {
			return r.count, joinErrors(r.errs)
		}
		busy = append(busy, left...)
	}
	for _, key := range busy {
		if !r.waitFor(ctx, key) {
			break
		}
	}
	return r.count, joinErrors(r.errs)
}

// rewrap is one call of Rewrap.
type rewrap struct {
	*sealed
	collection string
	count      int
	errs       []error
}

// tryBatch renews those of the entries that nobody writes to, and returns the
// keys of the others. It reports whether it makes sense to go on.
func (r *rewrap) tryBatch(ctx context.Context, keys []string) (busy []string, ok bool) {
	if err := r.gate.startRewrap(ctx, entryName{}); err != nil {
		return nil, r.failed(r.fail("rewrap", r.collection, "", err))
	}
	defer r.gate.endRewrap(entryName{})
	free := make([]string, 0, len(keys))
	for _, key := range keys {
		if name := nameOf(r.collection, key); r.gate.tryRewrap(name) {
			defer r.gate.endRewrap(name)
			free = append(free, key)
		} else {
			busy = append(busy, key)
		}
	}
	return busy, r.renew(ctx, free)
}

// rewrapPause is how long Rewrap waits for the writers of a key before it looks
// whether they have renewed it.
const rewrapPause = 100 * time.Millisecond

// waitFor renews an entry when nobody writes to it, unless those who do have
// renewed it: on a key that is written all the time there is no such moment.
// It reports whether it makes sense to go on.
func (r *rewrap) waitFor(ctx context.Context, key string) bool {
	for {
		if entered := r.enter(ctx, key); entered {
			defer r.gate.endRewrap(entryName{})
			defer r.gate.endRewrap(nameOf(r.collection, key))
			return r.renew(ctx, []string{key})
		}
		if err := ctx.Err(); err != nil {
			return r.failed(r.fail("rewrap", r.collection, key, err))
		}
		entry, err := r.inner.Get(ctx, r.collection, key)
		if err == core.ErrNotFound {
			return true
		}
		if err != nil {
			return r.failed(err)
		}
		value, err := r.sealer.renew(core.CollectionName(r.collection), key, entry.Value)
		if err != nil {
			return r.failed(r.fail("rewrap", r.collection, key, err))
		}
		if value == nil {
			return true
		}
	}
}

// enter keeps writers off the key and reports true, or gives up after a while.
func (r *rewrap) enter(ctx context.Context, key string) bool {
	ctx, cancel := context.WithTimeout(ctx, rewrapPause)
	defer cancel()
	if r.gate.startRewrap(ctx, entryName{}) != nil {
		return false
	}
	if r.gate.startRewrap(ctx, nameOf(r.collection, key)) != nil {
		r.gate.endRewrap(entryName{})
		return false
	}
	return true
}

// failed notes the error, and reports whether it makes sense to go on: not
// after one that speaks of no single key.
func (r *rewrap) failed(err error) bool {
	r.errs = append(r.errs, err)
	return len(core.FailedKeys(err)) > 0
}

// renew reads the entries, and writes those that are not under the first key.
// The gate keeps writers out. It reports whether it makes sense to go on.
func (r *rewrap) renew(ctx context.Context, keys []string) bool {
	if len(keys) == 0 {
		return true
	}
	entries, err := r.inner.GetMany(ctx, r.collection, keys)
	if err != nil && !r.failed(err) || entries == nil {
		return false
	}
	var items []core.Item
	var renewed []core.Entry
	for i, entry := range entries {
		ttl, expires := entry.TTL()
		if !entry.Found() || expires && ttl <= 0 {
			continue
		}
		value, err := r.sealer.renew(core.CollectionName(r.collection), keys[i], entry.Value)
		if err != nil {
			r.errs = append(r.errs, r.fail("rewrap", r.collection, keys[i], err))
			continue
		}
		if value != nil {
			items = append(items, core.Item{Key: keys[i], Value: value, TTL: ttl})
			renewed = append(renewed, entry)
		}
	}
	if len(items) == 0 {
		return true
	}
	if err := r.inner.PutMany(ctx, r.collection, items); err != nil {
		failed := core.FailedKeys(err)
		if !r.failed(err) {
			return false
		}
		r.count -= len(failed)
	}
	r.count += len(items)
	return r.removeExpired(ctx, items, renewed)
}

// removeExpired removes what has expired while it was written: its time to
// live began anew with the write.
func (r *rewrap) removeExpired(ctx context.Context, items []core.Item, renewed []core.Entry) bool {
	var expired []string
	for i, entry := range renewed {
		if entry.Expired() {
			expired = append(expired, items[i].Key)
		}
	}
	if len(expired) == 0 {
		return true
	}
	if _, err := r.inner.DeleteMany(ctx, r.collection, expired); err != nil {
		return r.failed(err)
	}
	return true
}
