package valkey

import (
	"context"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// GetMany reads entries with a GET each, which works for keys of any slots and
// tells what is not a string from what is not there.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries := make([]core.Entry, len(keys))
	take := func(i int, result *valkey.ValkeyResult) error {
		entry, err := decode(result, collection, keys[i])
		if err == nil {
			entry.Value = b.own(entry.Value)
			entries[i] = entry
		}
		return err
	}
	answers := b.getAll(ctx, collection, keys, take)
	if answers.unanswered != nil {
		return nil, answers.unanswered
	}
	return entries, answers.result()
}

func (b *backend) getAll(ctx context.Context, collection string, keys []string, take func(i int, result *valkey.ValkeyResult) error) *answers {
	builder := b.client.B()
	var m buffer // which the client's cache may keep
	if b.cacheTTL > 0 {
		cached := job[valkey.CacheableTTL]{keys: keys, send: b.client.DoMultiCache, take: take, replies: &b.got}
		cached.build = func(i int) (valkey.CacheableTTL, int) {
			return valkey.CT(builder.Get().Key(m.addName(collection, keys[i])).Cache(), b.cacheTTL), 0
		}
		return cached.run(ctx)
	}
	j := job[valkey.Completed]{keys: keys, send: b.client.DoMulti, take: take, replies: &b.got}
	j.build = func(i int) (valkey.Completed, int) { return get(builder, m.addName(collection, keys[i])), 0 }
	return j.run(ctx)
}

// PutMany writes records with a SET each.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	keys := make([]string, len(records))
	for i := range records {
		keys[i] = records[i].Key
	}
	builder := b.client.B()
	m := b.borrow()
	j := job[valkey.Completed]{keys: keys, send: b.client.DoMulti}
	j.build = func(i int) (valkey.Completed, int) { return set(builder, &records[i], m), len(records[i].Value) }
	answers := j.run(ctx)
	if answers.errs == nil {
		b.giveBack(m)
	}
	return answers.result()
}
