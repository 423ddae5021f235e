package redis

import (
	"bytes"
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// The scripts change one key if it still holds the bytes that were read. They
// are sent with each call, which is rare: no server has to know them, whichever
// node of a cluster it is and whenever it was restarted.
const (
	replaceScript = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else redis.call('SET', KEYS[1], ARGV[2]) end
return 1`
	removeScript = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`
)

// replace writes the record, whose text is given, over what was read, if that
// is still the same, and reports whether it did.
func (b *backend) replace(ctx context.Context, old content, record *driver.Record, text []byte) (bool, error) {
	if !b.noScripts.Load() {
		arguments := []any{"eval", replaceScript, 1, old.name, old.data, text}
		if lifetime := lifetime(record); lifetime > 0 {
			arguments = append(arguments, lifetime)
		}
		cmd := redis.NewIntCmd(ctx, arguments...)
		err := b.process(ctx, once{cmd})
		if !b.withoutScripts(err) {
			return err == nil && cmd.Val() == 1, err
		}
	}
	return b.unlessChanged(ctx, old.name, still(ctx, old), set(ctx, old.name, record, text))
}

// content is what was read under a name.
type content struct {
	name string
	data []byte
}

// remove removes what was read, each if it is still the same.
func (b *backend) remove(ctx context.Context, contents []content) error {
	if !b.noScripts.Load() {
		names := make([]string, len(contents))
		for i, c := range contents {
			names[i] = c.name
		}
		answers := b.pipeline(ctx, b.client, names, func(i int) (redis.Cmder, int) {
			c := contents[i]
			return redis.NewIntCmd(ctx, "eval", removeScript, 1, c.name, c.data), len(c.data)
		})
		err := answers.firstBut(core.ErrCorrupt) // a list has taken its place
		if !b.withoutScripts(err) {
			return err
		}
	}
	for _, c := range contents {
		if _, err := b.unlessChanged(ctx, c.name, still(ctx, c), redis.NewIntCmd(ctx, "del", c.name)); err != nil {
			return err
		}
	}
	return nil
}

// withoutScripts reports whether the server refused to run a script, and
// remembers that.
func (b *backend) withoutScripts(err error) bool {
	if err == nil || !isRefused(err) {
		return false
	}
	b.noScripts.Store(true)
	return true
}

// still returns the condition that what was read is still there.
func still(ctx context.Context, c content) func(tx *redis.Tx) (bool, error) {
	return func(tx *redis.Tx) (bool, error) {
		data, err := tx.Get(ctx, c.name).Bytes()
		if errors.Is(err, redis.Nil) || err != nil && isWrongType(err) {
			return false, nil
		}
		return bytes.Equal(data, c.data), err
	}
}

// unlessChanged performs the command if the condition holds and nobody writes
// to the key from before the condition is asked until then, and reports whether
// it did. It is a transaction on a connection of its own.
func (b *backend) unlessChanged(ctx context.Context, name string, condition func(tx *redis.Tx) (bool, error), cmd redis.Cmder) (done bool, err error) {
	held := false
	finished, err := b.await(ctx, func() error {
		return b.client.Watch(ctx, func(tx *redis.Tx) (err error) {
			if held, err = condition(tx); err != nil || !held {
				return err
			}
			_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
				return pipe.Process(ctx, once{cmd})
			})
			return err
		}, name)
	})
	switch {
	case !finished:
		return false, err
	case errors.Is(err, redis.TxFailedErr):
		return false, nil
	}
	return held && err == nil, failure(err)
}
