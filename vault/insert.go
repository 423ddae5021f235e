package vault

import (
	"context"
	"errors"

	"github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// insertAttempts is how often Insert looks again when what stood in its way has
// vanished or changed meanwhile.
const insertAttempts = 10

// errRepeated says that an Insert may have succeeded.
var errRepeated = errors.New("the driver has repeated the request, and another entry is there now: the first attempt may have succeeded")

// Insert writes a record where there is none, or over one that has expired or
// was deleted and is still the current version.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	name, text := secretName(record.Collection, record.Key), managed.Append(nil, record)
	version, repeated := 0, false
	for range insertAttempts {
		sent, err := b.putOver(ctx, name, text, version)
		repeated = repeated || sent > 1
		if err == nil {
			return true, nil
		}
		if !isRefusedVersion(err) {
			return b.despite(ctx, name, record, err)
		}
		s, err := b.get(ctx, name)
		if err != nil {
			return false, err
		}
		if version = s.version; s.text == nil {
			continue // deleted, or gone since
		}
		envelope, err := managed.Decode(s.text)
		switch {
		case err != nil:
			return false, err
		case !envelope.Belongs(record.Collection, record.Key): // another pair's, as Python may have written it
		case envelope.InsertID() == record.InsertID:
			// An earlier attempt of the driver has made it, whose reply was lost.
			err := b.limitVersions(ctx, name)
			return err == nil, err
		case envelope.ExpiredAt(record.CreatedAt):
		case repeated:
			return false, errRepeated
		default:
			return false, nil
		}
	}
	if repeated {
		return false, errRepeated
	}
	return false, nil // others are quicker
}

// putOver writes a secret over that version, and counts how often requests were
// sent for it, the one that limits the versions apart: it follows a success.
func (b *backend) putOver(ctx context.Context, name string, text []byte, version int) (sent int64, err error) {
	ctx, count := counting(ctx)
	err = b.put(ctx, name, text, &version)
	return count.Load(), err
}

// despite is the answer of an Insert that failed: true if its record is there
// nevertheless, because only the reply was lost, and otherwise the error.
func (b *backend) despite(ctx context.Context, name string, record *driver.Record, err error) (bool, error) {
	var response *vault.ResponseError
	if ctx.Err() != nil || errors.As(err, &response) {
		return false, err
	}
	if s, lookErr := b.get(ctx, name); lookErr == nil && s.text != nil {
		if envelope, lookErr := managed.Decode(s.text); lookErr == nil && envelope.InsertID() == record.InsertID {
			err := b.limitVersions(ctx, name)
			return err == nil, err
		}
	}
	return false, err
}

// InsertID returns the id of the insert that made the entry.
func (b *backend) InsertID(ctx context.Context, collection, key string) (string, error) {
	s, err := b.get(ctx, secretName(collection, key))
	if err != nil {
		return "", err
	}
	if s.text == nil {
		return "", core.ErrNotFound
	}
	envelope, err := managed.Decode(s.text)
	if err != nil {
		return "", err
	}
	return envelope.InsertID(), nil
}
