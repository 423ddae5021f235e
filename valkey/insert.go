package valkey

import (
	"context"

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
	name := names.Compound(record.Collection, record.Key)
	for range insertAttempts {
		_, err := b.process(ctx, setAbsent(b.client.B(), record), len(record.Value))
		if err == nil {
			return true, nil
		}
		if err != core.ErrNotFound {
			return b.despite(ctx, record, err)
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
		replaced, err := b.replace(ctx, content{name, old}, record)
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
	if _, refused := asReply(err); refused || ctx.Err() != nil {
		return false, err
	}
	if id, lookErr := b.InsertID(ctx, record.Collection, record.Key); lookErr == nil && id == record.InsertID {
		return true, nil
	}
	return false, err
}

// InsertID returns the id of the record under the names. The Store asks for it
// when Insert was refused: a proxy, or the driver where a connection was due to
// end, may have repeated the request.
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
	result, err := b.process(ctx, current(b.client.B(), name), len(name))
	if err != nil {
		return nil, err
	}
	return result.AsBytes()
}
