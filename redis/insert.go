package redis

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// insertAttempts is how often Insert looks again when what stood in its way
// has vanished meanwhile. Each time there was something.
const insertAttempts = 8

// Insert writes the record with SET NX. The server may still hold an entry that
// has expired, since it rounds up: that is replaced, if it is still the same.
//
// The driver does not repeat either write. When the reply is lost, Insert looks
// whether its record is there, and otherwise does not know.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	name, text := names.Compound(record.Collection, record.Key), managed.Append(nil, record)
	for range insertAttempts {
		cmd := redis.NewBoolCmd(ctx, setArguments(name, record, text, "nx")...)
		if err := b.process(ctx, once{cmd}); err != nil {
			return b.despite(ctx, record, err)
		}
		if cmd.Val() {
			return true, nil
		}
		old, err := b.read(ctx, name)
		if err == core.ErrNotFound {
			continue
		}
		if err != nil {
			return false, err
		}
		entry, err := managed.DecodeAs(old, record.Collection, record.Key)
		switch {
		case err == core.ErrNotFound: // another pair's, as Python may have written it
		case err != nil:
			return false, err
		case !entry.ExpiredAt(record.CreatedAt):
			return false, nil
		}
		replaced, err := b.replace(ctx, content{name, old}, record, text)
		if err != nil {
			return b.despite(ctx, record, err)
		}
		if replaced {
			return true, nil
		}
	}
	return false, nil
}

// despite is the answer of an Insert that failed: true if its record is there
// nevertheless, because only the reply was lost, and otherwise the error.
func (b *backend) despite(ctx context.Context, record *driver.Record, err error) (bool, error) {
	if isReply(err) || ctx.Err() != nil {
		return false, err
	}
	if id, lookErr := b.InsertID(ctx, record.Collection, record.Key); lookErr == nil && id == record.InsertID {
		return true, nil
	}
	return false, err
}

// InsertID returns the id of the record under the names. The Store asks for it
// when Insert was refused: a proxy may have repeated the request.
func (b *backend) InsertID(ctx context.Context, collection, key string) (string, error) {
	data, err := b.read(ctx, names.Compound(collection, key))
	if err != nil {
		return "", err
	}
	envelope, err := managed.Decode(data)
	if err != nil {
		return "", err
	}
	return envelope.InsertID(), nil
}

// read returns what lies under the name on the master.
func (b *backend) read(ctx context.Context, name string) ([]byte, error) {
	cmd := current(ctx, name)
	if err := b.process(ctx, cmd); err != nil {
		return nil, err
	}
	return cmd.Bytes()
}

// current returns the command that reads what lies under the name on the
// master. GETEX without an option changes nothing, but counts as a write: a
// client that sends reads to replicas does not send it there.
func current(ctx context.Context, name string) *redis.StringCmd {
	return redis.NewStringCmd(ctx, "getex", name)
}
