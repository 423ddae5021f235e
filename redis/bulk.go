package redis

import (
	"bytes"
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// GetMany reads entries with a GET each, which works for keys of any slots and
// tells what is not a string from what is not there.
func (b *backend) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	cmds, physical := make([]*redis.StringCmd, len(keys)), compounds(collection, keys)
	answers := b.pipeline(ctx, b.client, keys, func(i int) (redis.Cmder, int) {
		cmds[i] = redis.NewStringCmd(ctx, "get", physical[i])
		return cmds[i], 0
	})
	if answers.unanswered != nil {
		return nil, answers.unanswered
	}
	entries := make([]core.Entry, len(keys))
	private := b.private()
	for i, key := range keys {
		if answers.failed(i) {
			continue
		}
		entry, err := decode(cmds[i], collection, key)
		switch {
		case err == nil && !private:
			entry.Value = bytes.Clone(entry.Value)
			fallthrough
		case err == nil:
			entries[i] = entry
		case err != core.ErrNotFound:
			answers.fail(i, err)
		}
	}
	return entries, answers.result()
}

// PutMany writes records with a SET each.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	keys := make([]string, len(records))
	for i := range records {
		keys[i] = records[i].Key
	}
	texts, physical := make([]*[]byte, len(records)), compounds(records[0].Collection, keys)
	err := b.pipeline(ctx, b.client, keys, func(i int) (redis.Cmder, int) {
		texts[i] = b.encode(&records[i])
		return set(ctx, physical[i], &records[i], *texts[i]), len(*texts[i])
	}).result()
	if err == nil {
		for _, text := range texts {
			b.release(text, nil)
		}
	}
	return err
}

// compounds returns names.Compound of each key, all in one piece of memory.
func compounds(collection string, keys []string) []string {
	var joined []byte
	ends := make([]int, len(keys))
	for i, key := range keys {
		joined = names.AppendCompound(joined, collection, key)
		ends[i] = len(joined)
	}
	text, start := string(joined), 0
	compounds := make([]string, len(keys))
	for i, end := range ends {
		compounds[i] = text[start:end]
		start = end
	}
	return compounds
}
