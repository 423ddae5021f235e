package valkey

import (
	"context"
	"errors"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// Delete removes what lies under the names with one GETDEL, whose answer tells
// whether it was a live entry.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	name := names.Compound(collection, key)
	for {
		result, err := b.process(ctx, take(b.client.B(), name), len(name))
		if errors.Is(err, core.ErrCorrupt) { // GETDEL leaves what is not a string
			removed, err := b.deleteOther(ctx, name)
			if removed || err != nil {
				return false, err
			}
			continue
		}
		if err != nil && err != core.ErrNotFound {
			return false, err
		}
		return wasLive(&result, collection, key, now)
	}
}

// DeleteMany deletes with a GETDEL for each key.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	builder := b.client.B()
	var m buffer
	count := 0
	j := job[valkey.Completed]{keys: keys, send: b.client.DoMulti, replies: &b.removed}
	j.build = func(i int) (valkey.Completed, int) { return take(builder, m.addName(collection, keys[i])), 0 }
	j.take = func(i int, result *valkey.ValkeyResult) error {
		live, err := wasLive(result, collection, keys[i], now)
		if live {
			count++
		}
		return err
	}
	answers := j.run(ctx)
	for i, err := range answers.errs {
		if !errors.Is(err, core.ErrCorrupt) {
			continue
		}
		var live bool
		if live, answers.errs[i] = b.Delete(ctx, collection, keys[i], now); live {
			count++
		}
	}
	return count, answers.result()
}

// wasLive reports whether the reply of GETDEL was a live entry of these names.
// What could not be decoded was none.
func wasLive(result *valkey.ValkeyResult, collection, key string, now time.Time) (bool, error) {
	entry, err := decode(result, collection, key)
	if err == core.ErrNotFound || errors.Is(err, core.ErrCorrupt) {
		return false, nil
	}
	return err == nil && !entry.ExpiredAt(now), err
}

// deleteOther removes what lies under the name if that is not a string, and
// reports whether it did.
func (b *backend) deleteOther(ctx context.Context, name string) (removed bool, err error) {
	return b.unlessChanged(ctx, name,
		func(ctx context.Context, tx valkey.DedicatedClient) (bool, error) {
			kind, err := tx.Do(ctx, tx.B().Type().Key(name).Build()).ToString()
			return kind != "string", err
		},
		func(builder valkey.Builder) valkey.Completed { return builder.Del().Key(name).Build() })
}
