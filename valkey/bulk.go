package valkey

import (
	"context"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// GetMany reads entries with a GET each, which works for keys of any slots and
// tells what is not a string from what is not there.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	answers := b.getAll(ctx, collection, keys)
	if answers.unanswered != nil {
		return nil, answers.unanswered
	}
	entries := make([]core.Entry, len(keys))
	for i, key := range keys {
		if answers.failed(i) {
			continue
		}
		entry, err := decode(&answers.results[i], collection, key)
		if err == nil {
			entry.Value = b.own(entry.Value)
			entries[i] = entry
		} else if err != core.ErrNotFound {
			answers.fail(i, err)
		}
	}
	return entries, answers.result()
}

func (b *backend) getAll(ctx context.Context, collection string, keys []string) *answers {
	if b.cacheTTL == 0 {
		return pipeline(ctx, keys, &b.got, func(i int) (valkey.Completed, int) {
			return get(b.client.B(), names.Compound(collection, keys[i])), 0
		}, b.client.DoMulti)
	}
	build := func(i int) (valkey.CacheableTTL, int) {
		return valkey.CT(b.client.B().Get().Key(names.Compound(collection, keys[i])).Cache(), b.cacheTTL), 0
	}
	return pipeline(ctx, keys, &b.got, build, b.client.DoMultiCache)
}

// PutMany writes records with a SET each.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	keys := make([]string, len(records))
	for i := range records {
		keys[i] = records[i].Key
	}
	return pipeline(ctx, keys, nil, func(i int) (valkey.Completed, int) {
		return set(b.client.B(), &records[i]), len(records[i].Value)
	}, b.client.DoMulti).result()
}
