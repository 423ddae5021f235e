package storetest

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

var brokenWrites = []brokenStore{
	{name: "Put without a time to live keeps the old expiry", rule: 5, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if old, err := a.reference.Get(ctx, collection, key); err == nil && ttl == core.NoTTL {
				ttl, _ = old.TTL()
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "PutMany without a time to live keeps the old expiry", rule: 5, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			items = slices.Clone(items)
			for i := range items {
				if old, err := a.reference.Get(ctx, collection, items[i].Key); err == nil && items[i].TTL == core.NoTTL {
					items[i].TTL, _ = old.TTL()
				}
			}
			return a.reference.PutMany(ctx, collection, items)
		}
	}},
	{name: "a time to live is never replaced", rule: 5, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if old, err := a.reference.Get(ctx, collection, key); err == nil && ttl > 0 {
				ttl, _ = old.TTL()
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "CreatedAt is that of the first Put", rule: 5, alter: func(a *altered) {
		first := map[string]time.Time{}
		a.getsAs(func(collection, key string, entry core.Entry, err error) (core.Entry, error) {
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			if at, again := first[collection+"/"+key]; again && entry.Found() {
				entry.CreatedAt = at
			} else if entry.Found() {
				first[collection+"/"+key] = entry.CreatedAt
			}
			return entry, err
		})
	}},
	{name: "CreatedAt is unknown", rule: 5, alter: func(a *altered) {
		a.getsAs(func(_, _ string, entry core.Entry, err error) (core.Entry, error) {
			entry.CreatedAt = time.Time{}
			return entry, err
		})
	}},
	{name: "GetMany has another CreatedAt", rule: 5, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries {
				if entries[i].Found() {
					entries[i].CreatedAt = entries[i].CreatedAt.Add(-time.Hour)
				}
			}
			return entries, err
		}
	}},
	{name: "the CreatedAt of Insert is unknown", rule: 5, alter: func(a *altered) {
		inserted := map[string]bool{}
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			won, err := a.reference.Insert(ctx, collection, key, value, ttl)
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			inserted[collection+"/"+key] = won
			return won, err
		}
		a.getsAs(func(collection, key string, entry core.Entry, err error) (core.Entry, error) {
			a.shelf.mutex.Lock()
			defer a.shelf.mutex.Unlock()
			if inserted[collection+"/"+key] {
				entry.CreatedAt = time.Time{}
			}
			return entry, err
		})
	}},
	{name: "Put merges the members", rule: 5, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if old, err := a.reference.Get(ctx, collection, key); err == nil && core.CheckValue(value) == nil {
				var merged map[string]json.RawMessage
				json.Unmarshal(old.Value, &merged)
				json.Unmarshal(value, &merged)
				value, _ = json.Marshal(merged)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Put replaces nothing", rule: 5, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if _, err := a.reference.Get(ctx, collection, key); err == nil && core.CheckValue(value) == nil {
				return nil
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Put over an expired entry is refused", rule: 5, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if old, there := a.undead(collection, key); there && old.Expired() {
				return refusal("put", collection, key, errOfDatabase)
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},

	{name: "Delete always answers true", rule: 6, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			_, err := a.reference.Delete(ctx, collection, key)
			return err == nil, err
		}
	}},
	{name: "Delete always answers false", rule: 6, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			_, err := a.reference.Delete(ctx, collection, key)
			return false, err
		}
	}},
	{name: "Delete of an expired entry answers true", rule: 6, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			_, there := a.undead(collection, key)
			live, err := a.reference.Delete(ctx, collection, key)
			return (live || there) && err == nil, err
		}
	}},
	{name: "Delete of a missing key is an error", rule: 6, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			live, err := a.reference.Delete(ctx, collection, key)
			if err == nil && !live {
				err = core.ErrNotFound
			}
			return live, err
		}
	}},
	{name: "Delete keeps the entry", rule: 6, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			old, there := a.undead(collection, key)
			live, err := a.reference.Delete(ctx, collection, key)
			if there && live {
				a.reference.Put(ctx, collection, key, old.Value, 0)
			}
			return live, err
		}
	}},
	{name: "Delete leaves the expiry behind", rule: 6, alter: func(a *altered) {
		left := map[string]time.Duration{}
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			old, there := a.undead(collection, key)
			a.shelf.mutex.Lock()
			if remaining, expires := old.TTL(); there && expires && remaining > 0 {
				left[collection+"/"+key] = remaining
			}
			a.shelf.mutex.Unlock()
			return a.reference.Delete(ctx, collection, key)
		}
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if ttl == core.NoTTL {
				a.shelf.mutex.Lock()
				ttl = left[collection+"/"+key]
				a.shelf.mutex.Unlock()
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "DeleteMany counts the keys", rule: 6, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			_, err := a.reference.DeleteMany(ctx, collection, keys)
			if err != nil {
				return 0, err
			}
			return len(keys), nil
		}
	}},
	{name: "DeleteMany counts expired entries", rule: 6, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			count := 0
			for i, key := range keys {
				if _, there := a.undead(collection, key); there && !slices.Contains(keys[:i], key) {
					count++
				}
			}
			if n, err := a.reference.DeleteMany(ctx, collection, keys); err != nil {
				return n, err
			}
			return count, nil
		}
	}},
	{name: "of racing deletes all are told true", rule: 6, alter: func(a *altered) {
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			_, err := a.reference.Get(ctx, collection, key)
			sleepy()
			_, failed := a.reference.Delete(ctx, collection, key)
			return err == nil && failed == nil, failed
		}
	}},
	{name: "of racing deletes none is told true", rule: 6, alter: func(a *altered) {
		deleting := map[string]int{}
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			add := func(n int) int {
				a.shelf.mutex.Lock()
				defer a.shelf.mutex.Unlock()
				deleting[key] += n
				return deleting[key]
			}
			add(1)
			sleepy()
			others := add(0) > 1
			live, err := a.reference.Delete(ctx, collection, key)
			sleepy()
			add(-1)
			return live && !others, err
		}
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			if len(keys) != 1 || core.CheckKey(keys[0]) != nil {
				return a.reference.DeleteMany(ctx, collection, keys)
			}
			live, err := a.delete(ctx, collection, keys[0])
			if live {
				return 1, err
			}
			return 0, err
		}
	}},
	{name: "of racing bulk deletes all are told", rule: 6, alter: func(a *altered) {
		a.deleteMany = func(ctx context.Context, collection string, keys []string) (int, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			if err != nil {
				return a.reference.DeleteMany(ctx, collection, keys)
			}
			sleepy()
			count := 0
			for i, entry := range entries {
				if entry.Found() && !slices.Contains(keys[:i], keys[i]) {
					count++
				}
			}
			_, err = a.reference.DeleteMany(ctx, collection, keys)
			return count, err
		}
	}},
}
