package redis

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// Delete removes what lies under the names with one GETDEL, whose answer tells
// whether it was a live entry.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	name := names.Compound(collection, key)
	for range deleteAttempts {
		cmd := redis.NewStringCmd(ctx, "getdel", name)
		err := b.process(ctx, once{cmd})
		if errors.Is(err, core.ErrCorrupt) { // GETDEL leaves what is not a string
			removed, err := b.deleteOther(ctx, name)
			if removed || err != nil {
				return false, err
			}
			continue
		}
		if err != nil {
			return false, err
		}
		return wasLive(cmd, collection, key, now), nil
	}
	return false, errors.New("what lies under the key keeps changing its type")
}

// deleteAttempts is how often Delete tries again when what it found to be
// something else than a string is one by the time it is to be removed.
const deleteAttempts = 8

// DeleteMany deletes with a GETDEL for each key.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	cmds, physical := make([]*redis.StringCmd, len(keys)), compounds(collection, keys)
	answers := b.pipeline(ctx, b.client, keys, func(i int) (redis.Cmder, int) {
		cmds[i] = redis.NewStringCmd(ctx, "getdel", physical[i])
		return once{cmds[i]}, 0
	})
	count := 0
	for i, key := range keys {
		live := false
		switch {
		case !answers.failed(i):
			live = wasLive(cmds[i], collection, key, now)
		case errors.Is(answers.errs[i], core.ErrCorrupt):
			live, answers.errs[i] = b.Delete(ctx, collection, key, now)
		}
		if live {
			count++
		}
	}
	return count, answers.result()
}

// wasLive reports whether the reply of GETDEL was a live entry of these names.
func wasLive(cmd *redis.StringCmd, collection, key string, now time.Time) bool {
	entry, err := decode(cmd, collection, key)
	return err == nil && !entry.ExpiredAt(now)
}

// deleteOther removes what lies under the name if that is not a string, and
// reports whether it did.
func (b *backend) deleteOther(ctx context.Context, name string) (removed bool, err error) {
	return b.unlessChanged(ctx, name,
		func(tx *redis.Tx) (bool, error) {
			kind, err := tx.Type(ctx, name).Result()
			return kind != "string", err
		},
		redis.NewIntCmd(ctx, "del", name))
}
