package memcached

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
)

// atOnce is how many calls are under way where a batch is made of single ones.
const atOnce = 16

// oneByOne makes a call for each place of a batch, several at once, and notes
// the errors. Once the context is done no more calls are made.
func oneByOne(ctx context.Context, places []int, failed failures, call func(place int) error) {
	var next atomic.Int64
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(places) {
				return
			}
			err := ctx.Err()
			if err == nil {
				err = call(places[i])
			}
			failed[places[i]] = err
		}
	}
	var others sync.WaitGroup
	for range min(atOnce, len(places)) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}

// all returns the places of a batch.
func all(n int) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i
	}
	return places
}

// getLoosely reads a batch without knowing which server has which key. Where
// the driver says that some server failed, it reads what the driver did not
// return again, one by one: it may be there, or not, or be that server's.
func (b *backend) getLoosely(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = b.naming.item(collection, key)
	}
	items, err := within(ctx, &b.calls, "", func() (map[string]*memcache.Item, error) {
		return b.client.GetMulti(names)
	})
	entries := make([]core.Entry, len(keys))
	failed := make(failures, len(keys))
	var unknown []int
	for i, name := range names {
		if item := items[name]; item != nil {
			entries[i], failed[i] = entryIn(item.Value, collection, keys[i])
		} else if err != nil {
			unknown = append(unknown, i)
		}
	}
	var some atomic.Bool // whether there is an answer at all
	some.Store(len(unknown) < len(keys))
	oneByOne(ctx, unknown, failed, func(i int) error {
		entry, err := b.Get(ctx, collection, keys[i])
		if err == nil || err == core.ErrNotFound {
			some.Store(true)
			entries[i], err = entry, nil
		}
		return err
	})
	if !some.Load() {
		return nil, failure(failed[0])
	}
	return entries, failed.result(func(i int) string { return keys[i] })
}
