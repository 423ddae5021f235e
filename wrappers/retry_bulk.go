package wrappers

import (
	"context"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// GetMany is [core.Store].GetMany, tried again for the keys that failed.
func (r *Retry) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	attempt := 1
	entries, err := r.inner.GetMany(ctx, collection, keys)
	for ; entries == nil && err != nil; attempt++ {
		if again, err := r.again(ctx, attempt, err); !again {
			return nil, err
		}
		entries, err = r.inner.GetMany(ctx, collection, keys)
	}
	if err == nil {
		return entries, nil
	}
	entries = slices.Clone(entries)
	var settled []error
	for ; ; attempt++ {
		failed := r.sort(err, attempt)
		settled = append(settled, failed.settled...)
		if failed.pending == nil {
			return entries, joinErrors(settled)
		}
		if again, err := r.pause(ctx, attempt, failed.pending); !again {
			return entries, joinErrors(append(settled, err))
		}
		err = r.fill(ctx, collection, keys, entries, failed.keys)
	}
}

// fill reads the entries of those keys again, or all if wanted is nil, and
// returns an error that names each key for which that failed too.
func (r *Retry) fill(ctx context.Context, collection string, keys []string, entries []core.Entry, wanted map[string]bool) error {
	var places []int
	var some []string
	for i, key := range keys {
		if wanted == nil || wanted[key] {
			places = append(places, i)
			some = append(some, key)
		}
	}
	found, err := r.inner.GetMany(ctx, collection, some)
	if found == nil {
		return ofEach(err, some)
	}
	for i, entry := range found {
		entries[places[i]] = entry
	}
	return err
}

// ofEach returns the error of a whole batch as one of each key, in their order.
func ofEach(err error, keys []string) error {
	seen := make(map[string]bool, len(keys))
	var errs []error
	for _, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		errs = append(errs, core.MapErrors(err, func(e core.Error) core.Error {
			e.Key = key
			return e
		}))
	}
	return joinErrors(errs)
}

// PutMany is [core.Store].PutMany, tried again for the items that failed.
func (r *Retry) PutMany(ctx context.Context, collection string, items []core.Item) error {
	var settled []error
	for attempt := 1; ; attempt++ {
		err := r.inner.PutMany(ctx, collection, items)
		failed := r.sort(err, attempt)
		settled = append(settled, failed.settled...)
		if failed.pending == nil {
			return joinErrors(settled)
		}
		if again, err := r.pause(ctx, attempt, failed.pending); !again {
			return joinErrors(append(settled, err))
		}
		if failed.keys != nil {
			items = slices.DeleteFunc(slices.Clone(items), func(item core.Item) bool { return !failed.keys[item.Key] })
		}
	}
}

// DeleteMany is [core.Store].DeleteMany, tried again for the keys that failed.
// The count is that of all attempts.
func (r *Retry) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	total := 0
	var settled []error
	for attempt := 1; ; attempt++ {
		deleted, err := r.inner.DeleteMany(ctx, collection, keys)
		total += deleted
		failed := r.sort(err, attempt)
		settled = append(settled, failed.settled...)
		if failed.pending == nil {
			return total, joinErrors(settled)
		}
		if again, err := r.pause(ctx, attempt, failed.pending); !again {
			return total, joinErrors(append(settled, err))
		}
		if failed.keys != nil {
			keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !failed.keys[key] })
		}
	}
}

// failure is how a bulk call failed.
type failure struct {
	keys    map[string]bool // worth another attempt; nil: all of them
	pending error           // their errors, nil if there is nothing to repeat
	settled []error         // of the keys which are not worth it
}

// sort takes the error of a bulk call apart.
func (r *Retry) sort(err error, attempt int) failure {
	if err == nil {
		return failure{}
	}
	var pending, settled []error
	keys := make(map[string]bool)
	whole := true
	for e := range core.Errors(err) {
		if e.Key != "" {
			whole = false
		}
		if r.shouldRetry(e) {
			pending = append(pending, e)
			keys[e.Key] = true
		} else {
			settled = append(settled, counted(e, attempt))
		}
	}
	switch {
	case !whole && !keys[""]:
		return failure{keys: keys, pending: joinErrors(pending), settled: settled}
	case r.shouldRetry(err):
		return failure{pending: err}
	}
	return failure{settled: []error{counted(err, attempt)}}
}
