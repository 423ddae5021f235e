package memcached

import (
	"context"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// GetMany reads the items of a batch with one request to each server.
//
// The driver would split a batch itself, but what it returns when a server
// fails does not tell that server's keys from those that are not there.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if b.selector == nil {
		return b.getLoosely(ctx, collection, keys)
	}
	keyAt := func(i int) string { return keys[i] }
	groups, err := b.groups(collection, len(keys), keyAt)
	if err != nil {
		return nil, failure(err)
	}
	entries := make([]core.Entry, len(keys))
	failed := make(failures, len(keys))
	var some atomic.Bool // whether there is an answer at all
	forEach(groups, func(g *group) {
		items, answered, err := b.bulk.gets(ctx, g.server, g.names)
		failed.fail(g.places[answered:], err)
		if answered > 0 {
			some.Store(true)
		}
		for i, item := range items[:answered] {
			place := g.places[i]
			entries[place], failed[place] = entryIn(item.value, collection, keys[place])
		}
	})
	if !some.Load() {
		return nil, failure(failed[0])
	}
	return entries, failed.result(keyAt)
}

// entryIn returns the entry in an item, or the zero Entry where there is no
// item or it is another's.
func entryIn(value []byte, collection, key string) (core.Entry, error) {
	if value == nil {
		return core.Entry{}, nil
	}
	entry, err := managed.DecodeAs(value, collection, key)
	if err == core.ErrNotFound {
		return core.Entry{}, nil
	}
	return entry, err
}
