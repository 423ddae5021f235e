package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// ttl changes legal times to live before they are written.
func ttl(change func(time.Duration) time.Duration) func(*altered) {
	return func(a *altered) {
		a.putsAs(func(_ string, item core.Item) core.Item {
			if item.TTL >= 0 {
				item.TTL = change(item.TTL)
			}
			return item
		})
	}
}

// shift has entries expire later than their ExpiresAt says, or earlier.
func shift(by time.Duration) func(*altered) {
	return func(a *altered) {
		a.putsAs(func(_ string, item core.Item) core.Item {
			if item.TTL > max(0, -by) && item.TTL < math.MaxInt64-time.Hour {
				item.TTL += by
			}
			return item
		})
		a.getsAs(func(_, _ string, entry core.Entry, err error) (core.Entry, error) {
			if entry.Found() && !entry.ExpiresAt.IsZero() && entry.ExpiresAt.Sub(entry.CreatedAt) < math.MaxInt64-time.Hour {
				entry.ExpiresAt = entry.ExpiresAt.Add(-by)
			}
			return entry, err
		})
	}
}

// undead returns the entry that has expired too.
func (a *altered) undead(collection, key string) (core.Entry, bool) {
	a.shelf.mutex.Lock()
	defer a.shelf.mutex.Unlock()
	entry, err := a.shelf.get(core.CollectionName(collection), key)
	return entry, err == nil
}

var brokenTimes = []brokenStore{
	{name: "times to live are ignored", rule: 4, alter: ttl(func(time.Duration) time.Duration { return core.NoTTL })},
	{name: "times to live are whole seconds, rounded down", rule: 4, alter: ttl(func(t time.Duration) time.Duration { return t.Truncate(time.Second) })},
	{name: "times to live are whole seconds, rounded up", rule: 4, alter: ttl(func(t time.Duration) time.Duration {
		if t > math.MaxInt64-time.Second {
			return t
		}
		return (t + time.Second - 1).Truncate(time.Second)
	})},
	{name: "times to live below a second are refused", rule: 4, alter: ttl(func(t time.Duration) time.Duration {
		if t > 0 && t < time.Second {
			return -1
		}
		return t
	})},
	{name: "a nanosecond is for ever", rule: 4, alter: ttl(func(t time.Duration) time.Duration { return t.Truncate(time.Microsecond) })},
	{name: "everything lives an hour", rule: 4, alter: ttl(func(t time.Duration) time.Duration {
		if t == core.NoTTL {
			return time.Hour
		}
		return t
	})},
	{name: "the longest time to live overflows", rule: 4, alter: ttl(func(t time.Duration) time.Duration {
		if t+time.Minute < 0 {
			return 1
		}
		return t
	})},
	{name: "more than 30 days is a date", rule: 4, alter: ttl(func(t time.Duration) time.Duration {
		if t > 30*24*time.Hour {
			return 1
		}
		return t
	})},
	{name: "seconds have 32 bits", rule: 4, alter: ttl(func(t time.Duration) time.Duration {
		return min(t, math.MaxInt32*time.Second)
	})},
	{name: "a negative time to live is none", rule: 4, alter: func(a *altered) {
		a.putsAs(func(_ string, item core.Item) core.Item { item.TTL = max(item.TTL, 0); return item })
	}},
	{name: "a negative time to live deletes", rule: 4, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			if ttl < 0 {
				_, err := a.reference.Delete(ctx, collection, key)
				return err
			}
			return a.reference.Put(ctx, collection, key, value, ttl)
		}
	}},
	{name: "Insert takes a negative time to live", rule: 4, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			return a.reference.Insert(ctx, collection, key, value, max(ttl, 0))
		}
	}},
	{name: "Insert ignores the time to live", rule: 4, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			return a.reference.Insert(ctx, collection, key, value, min(ttl, 0))
		}
	}},
	{name: "PutMany has one time to live for all", rule: 4, alter: func(a *altered) {
		a.putMany = func(ctx context.Context, collection string, items []core.Item) error {
			same := append([]core.Item(nil), items...)
			for i := range same {
				if same[i].TTL >= 0 {
					same[i].TTL = same[0].TTL
				}
			}
			return a.reference.PutMany(ctx, collection, same)
		}
	}},
	{name: "entries live a little longer", rule: 4, alter: shift(time.Microsecond)},
	{name: "entries live a second longer", rule: 4, alter: shift(time.Second)},
	{name: "entries die a little earlier", rule: 4, alter: shift(-20 * time.Millisecond)},
	{name: "Get has no ExpiresAt", rule: 4, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			entry.ExpiresAt = time.Time{}
			return entry, err
		}
	}},
	{name: "GetMany has no ExpiresAt", rule: 4, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries {
				entries[i].ExpiresAt = time.Time{}
			}
			return entries, err
		}
	}},
	{name: "GetMany shows expired entries", rule: 4, alter: func(a *altered) {
		a.getMany = func(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
			entries, err := a.reference.GetMany(ctx, collection, keys)
			for i := range entries {
				if entry, there := a.undead(collection, keys[i]); there {
					entries[i] = entry
				}
			}
			return entries, err
		}
	}},
	{name: "GetAppend shows expired entries", rule: 4, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			if expired, there := a.undead(collection, key); err != nil && there {
				expired.Value = append(dst, expired.Value...)
				return expired, nil
			}
			return entry, err
		}
	}},
	{name: "Keys lists expired entries", rule: 4, alter: func(a *altered) {
		a.keys = func(ctx context.Context, collection string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				pager, err := a.shelf.Keys(ctx, core.CollectionName(collection))
				if err == nil {
					err = a.reference.Setup(ctx, collection) // context, closed, name
				}
				for more := err == nil; more; {
					page, another, _ := pager.Next(ctx)
					for _, listed := range page {
						if !yield(listed.Name, nil) {
							return
						}
					}
					more = another
				}
			}
		}
	}},
	{name: "Collections lists those of expired entries", rule: 4, alter: func(a *altered) {
		a.collections = func(ctx context.Context) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				given := map[string]bool{}
				pager, _ := a.shelf.Collections(ctx)
				for more := true; more; {
					page, another, _ := pager.Next(ctx)
					for _, listed := range page {
						if !given[listed.Name] && !yield(listed.Name, nil) {
							return
						}
						given[listed.Name] = true
					}
					more = another
				}
			}
		}
	}},
	{name: "an expired entry is an error", rule: 4, alter: func(a *altered) {
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			entry, err := a.reference.Get(ctx, collection, key)
			if expired, there := a.undead(collection, key); errors.Is(err, core.ErrNotFound) && there {
				return expired, err
			}
			return entry, err
		}
	}},
}
