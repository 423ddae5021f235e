package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// legalItems reports whether PutMany would take them.
func legalItems(ctx context.Context, collection string, items []core.Item) bool {
	return ctx.Err() == nil && core.CheckCollection(collection) == nil &&
		!slices.ContainsFunc(items, func(item core.Item) bool { return core.CheckItem(item) != nil })
}

var brokenBatches = []brokenStore{
	{name: "GetMany answers in the order of the keys' names", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			return a.reference.GetMany(ctx, collection, slices.Sorted(slices.Values(keys)))
		}
	}},
	{name: "GetMany drops misses", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			return slices.DeleteFunc(entries, func(e core.Entry) bool { return !e.Found() }), err
		}
	}},
	{name: "GetMany answers a duplicate once", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries {
				if slices.Contains(keys[:i], keys[i]) {
					entries[i] = core.Entry{}
				}
			}
			return entries, err
		}
	}},
	{name: "GetMany refuses duplicates", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			for i := range keys {
				if slices.Contains(keys[:i], keys[i]) && i < 10 {
					return nil, refusal("get many", collection, keys[i], errOfDatabase)
				}
			}
			return a.reference.GetMany(ctx, collection, keys)
		}
	}},
	{name: "GetMany takes a miss for an error", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for _, entry := range entries {
				if err == nil && !entry.Found() {
					err = core.ErrNotFound
				}
			}
			return entries, err
		}
	}},
	{name: "GetMany answers 500 keys", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries[min(500, len(entries)):] {
				entries[500+i] = core.Entry{}
			}
			return entries, err
		}
	}},
	{name: "PutMany takes 500 items", rule: 7, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if legalItems(ctx, collection, items) {
				items = items[:min(500, len(items))]
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "PutMany refuses more than 500 items", rule: 7, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if len(items) > 500 {
				return refusal("put many", collection, "", errOfDatabase)
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "the first duplicate of a put wins", rule: 7, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if legalItems(ctx, collection, items) {
				items = slices.Clone(items)
				slices.Reverse(items)
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "a duplicate of a put leaves its expiry", rule: 7, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			items = slices.Clone(items)
			for i := range items {
				for _, earlier := range items[:min(i, 10)] {
					if earlier.Key == items[i].Key && items[i].TTL == 0 {
						items[i].TTL = earlier.TTL
					}
				}
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "a deleted duplicate counts each time", rule: 7, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			if err != nil {
				return a.reference.DeleteMany(ctx, collection, keys)
			}
			count := 0
			for _, entry := range entries {
				if entry.Found() {
					count++
				}
			}
			_, err = a.reference.DeleteMany(ctx, collection, keys)
			return count, err
		}
	}},
	{name: "DeleteMany ends at the first miss", rule: 7, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			if err != nil {
				return a.reference.DeleteMany(ctx, collection, keys)
			}
			end := slices.IndexFunc(entries, func(e core.Entry) bool { return !e.Found() })
			if end > 0 {
				keys = keys[:end]
			}
			return a.reference.DeleteMany(ctx, collection, keys)
		}
	}},
	{name: "an empty GetMany is an error", rule: 7, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			if len(keys) == 0 {
				return nil, refusal("get many", collection, "", errOfDatabase)
			}
			return a.reference.GetMany(ctx, collection, keys)
		}
	}},
	{name: "an empty PutMany is an error", rule: 7, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if len(items) == 0 {
				return refusal("put many", collection, "", errOfDatabase)
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "an empty DeleteMany deletes all", rule: 7, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			if len(keys) == 0 {
				a.reference.DestroyCollection(ctx, collection)
			}
			return a.reference.DeleteMany(ctx, collection, keys)
		}
	}},

	{name: "PutMany writes as it checks", rule: 8, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			if err := a.reference.PutMany(ctx, collection, nil); err != nil {
				return err
			}
			for _, item := range items {
				if err := a.reference.Put(ctx, collection, item.Key, item.Value, item.TTL); err != nil {
					return core.MapErrors(err, func(e core.Error) core.Error { e.Op = "put many"; return e })
				}
			}
			return nil
		}
	}},
	{name: "PutMany writes chunk by chunk", rule: 8, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			for chunk := range slices.Chunk(items, 100) {
				if err := a.reference.PutMany(ctx, collection, chunk); err != nil {
					return err
				}
			}
			return a.reference.PutMany(ctx, collection, nil)
		}
	}},
	{name: "PutMany leaves out illegal items", rule: 8, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			err := a.reference.PutMany(ctx, collection, items)
			if errors.Is(err, core.ErrInvalidValue) {
				legal := slices.DeleteFunc(slices.Clone(items), func(item core.Item) bool { return core.CheckItem(item) != nil })
				a.reference.PutMany(ctx, collection, legal)
			}
			return err
		}
	}},
	{name: "PutMany does not say which item is illegal", rule: 8, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			err := a.reference.PutMany(ctx, collection, items)
			return core.MapErrors(err, func(e core.Error) core.Error { e.Key = ""; return e })
		}
	}},
	{name: "DeleteMany deletes as it checks", rule: 8, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			count, err := a.reference.DeleteMany(ctx, collection, keys)
			if errors.Is(err, core.ErrInvalidKey) && len(keys) > 0 {
				a.reference.Delete(ctx, collection, keys[0])
			}
			return count, err
		}
	}},
	{name: "GetMany fails as a whole", rule: 8, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			if err != nil {
				return nil, err
			}
			return entries, nil
		}
	}},
	{name: "GetMany names no failed key", rule: 8, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			return entries, core.MapErrors(err, func(e core.Error) core.Error { e.Key = ""; return e })
		}
	}},
}

// keeping is a store that keeps what it is given or hands out what it keeps.
type keeping map[string]json.RawMessage

var brokenOwnership = []brokenStore{
	{name: "Put keeps the value", rule: 9, alter: func(a *altered) {
		kept := keeping{}
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			err := a.reference.Put(ctx, collection, key, value, ttl)
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			if err == nil && key == "Put" { // of values-given
				kept[collection] = value
			}
			return err
		}
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			if value, ok := kept[collection]; ok && key == "Put" {
				entry.Value = value
			}
			return entry, err
		}
	}},
	{name: "Put changes the value in place", rule: 9, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			err := a.reference.Put(ctx, collection, key, value, ttl)
			if err == nil && len(value) > 2 {
				value[1] = 'X'
			}
			return err
		}
	}},
	{name: "PutMany sorts the items in place", rule: 9, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			err := a.reference.PutMany(ctx, collection, items)
			slices.SortFunc(items, func(a, b core.Item) int {
				return len(a.Key) - len(b.Key) + slices.Compare([]byte(a.Key), []byte(b.Key))
			})
			return err
		}
	}},
	{name: "GetMany sorts the keys in place", rule: 9, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			slices.Sort(keys)
			return entries, err
		}
	}},
	{name: "DeleteMany compacts the keys in place", rule: 9, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			count, err := a.reference.DeleteMany(ctx, collection, keys)
			slices.Sort(keys)
			clear(keys[len(slices.Compact(keys)):])
			return count, err
		}
	}},
	{name: "Get hands out what it keeps", rule: 9, alter: func(a *altered) {
		cache := keeping{}
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			if err != nil || collection == "" || key != "k" || string(entry.Value) != one {
				return entry, err
			}
			if cache[collection] == nil {
				cache[collection] = entry.Value
			}
			entry.Value = cache[collection]
			return entry, nil
		}
	}},
	{name: "GetMany gives duplicates one value", rule: 9, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries {
				entries[i] = entries[slices.Index(keys, keys[i])]
			}
			return entries, err
		}
	}},
	{name: "GetMany has all values in one buffer", rule: 9, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			var all []byte
			for _, entry := range entries {
				all = append(all, entry.Value...)
			}
			for i, entry := range entries {
				if entry.Found() {
					entries[i].Value, all = all[:len(entry.Value)], all[len(entry.Value):]
				}
			}
			return entries, err
		}
	}},
	{name: "GetAppend overwrites what was there", rule: 9, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			return a.reference.GetAppend(ctx, collection, key, dst[:0])
		}
	}},
	{name: "GetAppend does not append", rule: 9, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, _ []byte) (core.Entry, error) {
			return a.reference.GetAppend(ctx, collection, key, nil)
		}
	}},
	{name: "GetAppend returns the buffer on a miss", rule: 9, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			if err != nil {
				entry.Value = dst
			}
			return entry, err
		}
	}},
	{name: "GetAppend lacks the times", rule: 9, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			return core.Entry{Value: entry.Value}, err
		}
	}},
	{name: "GetAppend reads past a used buffer", rule: 9, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			if err == nil && len(dst) == 0 && cap(dst) > 100 && len(entry.Value) < 100 {
				entry.Value = entry.Value[:100]
			}
			return entry, err
		}
	}},
}
