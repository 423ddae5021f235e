package driver

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
)

// checkKeys refuses a batch for its collection or its first illegal key.
func (s *Store) checkKeys(op, collection string, keys []string) error {
	if err := s.checkCollection(collection); err != nil {
		return s.refuse(op, collection, "", err)
	}
	for _, key := range keys {
		if err := s.checkName(collection, key); err != nil {
			return s.refuse(op, collection, key, err)
		}
	}
	return nil
}

// fewKeys is how many keys are compared with each other rather than hashed.
const fewKeys = 8

// distinct returns the keys without repetitions and, for each of the given,
// its place among those. The places are nil where no key comes twice.
func distinct(keys []string) (once []string, places []int) {
	if !repeats(keys) {
		return keys, nil
	}
	seen := make(map[string]int, len(keys))
	places = make([]int, len(keys))
	for i, key := range keys {
		place, again := seen[key]
		if !again {
			place = len(once)
			seen[key] = place
			once = append(once, key)
		}
		places[i] = place
	}
	return once, places
}

func repeats(keys []string) bool {
	if len(keys) <= fewKeys {
		for i, key := range keys {
			if slices.Contains(keys[:i], key) {
				return true
			}
		}
		return false
	}
	seen := make(map[string]struct{}, len(keys))
	for _, key := range keys {
		seen[key] = struct{}{}
	}
	return len(seen) < len(keys)
}

// each calls the function for every key, a bounded number at once, and
// returns the errors of those that failed. Once the context is done the
// remaining keys fail with its error.
func (s *Store) each(ctx context.Context, keys []string, call func(i int) error) KeyErrors {
	errs := make([]error, len(keys))
	var next atomic.Int64
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(keys) {
				return
			}
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = call(i)
			}
		}
	}
	var workers sync.WaitGroup
	for range min(s.options.Concurrency, len(keys)) - 1 {
		workers.Go(work)
	}
	work()
	workers.Wait()
	var failed KeyErrors
	for i, err := range errs {
		if err != nil {
			if failed == nil {
				failed = make(KeyErrors)
			}
			failed[keys[i]] = err
		}
	}
	return failed
}

// joined returns one error for each key that failed, in the order of the keys.
func (s *Store) joined(ctx context.Context, op, collection string, keys []string, failed KeyErrors) error {
	if len(failed) == 0 {
		return nil
	}
	errs := make([]error, 0, len(failed))
	for _, key := range keys {
		if err := failed[key]; err != nil {
			errs = append(errs, s.fail(ctx, op, collection, key, err))
		}
	}
	return errors.Join(errs...)
}

// partly splits the error of a batch method into that of single keys and that
// of the whole batch.
func (s *Store) partly(ctx context.Context, op, collection string, keys []string, err error) error {
	if err == nil {
		return nil
	}
	if failed, ok := err.(KeyErrors); ok {
		return s.joined(ctx, op, collection, keys, failed)
	}
	return s.fail(ctx, op, collection, "", err)
}

// keysOf returns the keys of the records.
func keysOf(records []Record) []string {
	keys := make([]string, len(records))
	for i := range records {
		keys[i] = records[i].Key
	}
	return keys
}

// lastOfEach returns the items without those that a later one of the same key
// replaces.
func lastOfEach(items []core.Item) []core.Item {
	keys := make([]string, len(items))
	for i := range items {
		keys[i] = items[i].Key
	}
	once, places := distinct(keys)
	if places == nil {
		return items
	}
	last := make([]core.Item, len(once))
	for i, item := range items {
		last[places[i]] = item
	}
	return last
}
