package valkey

import (
	"context"
	"errors"

	"github.com/valkey-io/valkey-go"

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

// content is what was read under a name.
type content struct {
	name string
	data []byte
}

// replace writes the record over what was read, if it is still the same, and
// reports whether it did.
func (b *backend) replace(ctx context.Context, old content, record *driver.Record) (bool, error) {
	if !b.noScripts.Load() {
		result, err := b.process(ctx, replacing(b.client.B(), old, record), len(old.data)+len(record.Value))
		if !b.withoutScripts(err) {
			if err != nil {
				return false, err
			}
			changed, err := result.AsInt64()
			return changed == 1, err
		}
	}
	return b.unlessChanged(ctx, old.name, still(old), func(builder valkey.Builder) valkey.Completed {
		return set(builder, record, new(buffer))
	})
}

// remove removes what was read, each if it is still the same.
func (b *backend) remove(ctx context.Context, contents []content) error {
	if len(contents) == 0 {
		return nil
	}
	if !b.noScripts.Load() {
		names := make([]string, len(contents))
		for i, c := range contents {
			names[i] = c.name
		}
		j := job[valkey.Completed]{keys: names, send: b.client.DoMulti}
		j.build = func(i int) (valkey.Completed, int) {
			return removing(b.client.B(), contents[i]), len(contents[i].data)
		}
		answers := j.run(ctx)
		err := answers.firstBut(core.ErrCorrupt) // a list has taken its place
		if !b.withoutScripts(err) {
			return err
		}
	}
	for _, c := range contents {
		remove := func(builder valkey.Builder) valkey.Completed { return builder.Del().Key(c.name).Build() }
		if _, err := b.unlessChanged(ctx, c.name, still(c), remove); err != nil {
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

// condition is asked in a transaction, before anything is changed.
type condition func(ctx context.Context, tx valkey.DedicatedClient) (bool, error)

// still returns the condition that what was read is still there.
func still(c content) condition {
	return func(ctx context.Context, tx valkey.DedicatedClient) (bool, error) {
		data, err := tx.Do(ctx, current(tx.B(), c.name)).ToString()
		switch err = failure(err); {
		case err == nil:
			return data == string(c.data), nil
		case errors.Is(err, core.ErrNotFound), errors.Is(err, core.ErrCorrupt):
			return false, nil
		}
		return false, err
	}
}

// unlessChanged performs the command if the condition holds and nobody writes
// to the key from before the condition is asked until then, and reports whether
// it did. It is a transaction on a connection of its own.
func (b *backend) unlessChanged(ctx context.Context, name string, holds condition, build func(valkey.Builder) valkey.Completed) (bool, error) {
	var done bool
	var failed error
	finished, err := await(ctx, func(ctx context.Context) {
		failed = b.client.Dedicated(func(tx valkey.DedicatedClient) (err error) {
			done, err = transact(ctx, tx, name, holds, build)
			if err != nil {
				tx.Close() // the next to use the connection must not find it watching
			}
			return err
		})
	})
	if !finished {
		return false, err
	}
	if failed != nil {
		return false, unanswered(ctx, failure(failed))
	}
	return done, nil
}

// transact is the transaction of unlessChanged.
func transact(ctx context.Context, tx valkey.DedicatedClient, name string, holds condition, build func(valkey.Builder) valkey.Completed) (bool, error) {
	if err := tx.Do(ctx, tx.B().Watch().Key(name).Build()).Error(); err != nil {
		return false, err
	}
	held, err := holds(ctx, tx)
	if err != nil {
		return false, err
	}
	if !held {
		return false, tx.Do(ctx, tx.B().Unwatch().Build()).Error()
	}
	results := tx.DoMulti(ctx, tx.B().Multi().Build(), build(tx.B()), tx.B().Exec().Build())
	for _, result := range results[:2] {
		if err := result.Error(); err != nil {
			return false, err
		}
	}
	replies, err := results[2].ToArray()
	if failure(err) == core.ErrNotFound { // somebody has written to the key
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for i := range replies {
		if err := replies[i].Error(); err != nil {
			return false, err
		}
	}
	return true, nil
}
