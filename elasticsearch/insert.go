package elasticsearch

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Insert creates the document. If there is one that has expired, or that is not
// the entry's, it replaces that, if it is still the same.
//
// When the answer is lost, Insert looks whether its record is there, and
// otherwise does not know.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	index := b.layout.index(record.Collection)
	a := b.put(record)
	for range raceAttempts {
		a.verb, a.as = "create", nil
		o := b.bulk(ctx, index, []action{a}, nil)[0]
		if o.err == nil {
			return true, nil
		}
		if !o.conflicts() {
			return b.despite(ctx, record, o.err)
		}
		old, err := b.read(ctx, record.Collection, record.Key)
		if err == core.ErrNotFound {
			continue
		}
		if err != nil {
			return false, err
		}
		entry, err := old.entry(record.Collection, record.Key)
		switch {
		case err == core.ErrNotFound: // another pair's, as Python may have written it
		case err != nil:
			return false, err
		case !entry.ExpiredAt(record.CreatedAt):
			return false, nil
		}
		a.verb, a.as = "index", old
		if o = b.bulk(ctx, index, []action{a}, nil)[0]; o.err == nil {
			return true, nil
		}
		if !o.conflicts() {
			return b.despite(ctx, record, o.err)
		}
	}
	return false, nil
}

// despite is the answer of an Insert that failed: true if its record is there
// nevertheless, because only the answer was lost, and otherwise the error.
func (b *backend) despite(ctx context.Context, record *driver.Record, err error) (bool, error) {
	if isAnswer(err) || ctx.Err() != nil {
		return false, err
	}
	if id, lookErr := b.InsertID(ctx, record.Collection, record.Key); lookErr == nil && id == record.InsertID {
		return true, nil
	}
	return false, err
}

// InsertID returns the id of the record under the names. The Store asks for it
// when Insert was refused: the driver may have repeated the request.
func (b *backend) InsertID(ctx context.Context, collection, key string) (string, error) {
	d, err := b.read(ctx, collection, key)
	if err != nil {
		return "", err
	}
	envelope, err := decode(d.source)
	if err != nil {
		return "", err
	}
	return envelope.InsertID(), nil
}
