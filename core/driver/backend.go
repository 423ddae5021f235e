package driver

import (
	"context"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// Record is an entry with its names, as a backend is given it to write: the
// collection is never empty, the names and the value are legal, CreatedAt is
// now, and ExpiresAt is zero or later than now. InsertID is empty except for
// an [InsertConfirmer].
type Record = managed.Record

// Backend stores records. Its methods are called concurrently.
type Backend interface {
	// Get returns the entry that lies under the names, expired or not, or
	// core.ErrNotFound. The value belongs to the caller: the backend keeps no
	// reference to it. An entry that names another collection or key than the
	// one asked for is not found; managed.DecodeAs sees to that.
	Get(ctx context.Context, collection, key string) (core.Entry, error)

	// Put writes the record over whatever lies under its names. It keeps no
	// reference to the value.
	Put(ctx context.Context, record *Record) error

	// Delete removes what lies under the names and reports whether that was an
	// entry which is live at the time now. Nothing there is false and no
	// error. What cannot be decoded is removed too.
	Delete(ctx context.Context, collection, key string, now time.Time) (live bool, err error)
}

// Appender is a Backend that can read into a buffer. Value of the entry is
// the value appended to dst, as core.GetAppend has it.
type Appender interface {
	GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error)
}

// BatchGetter is a Backend that reads several records at once. The keys are
// distinct. It returns one entry for each, the zero Entry for one that is not
// there; with [KeyErrors], those that failed are zero as well.
type BatchGetter interface {
	GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error)
}

// BatchPutter is a Backend that writes several records at once. The records
// are of one collection and have distinct keys. Where only some fail it writes
// the rest and returns [KeyErrors].
type BatchPutter interface {
	PutMany(ctx context.Context, records []Record) error
}

// BatchDeleter is a Backend that deletes several records at once and counts
// those that were live. The keys are distinct. Where only some fail it deletes
// the rest and returns their count with [KeyErrors].
type BatchDeleter interface {
	DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error)
}

// Inserter is a Backend that can write a record where there is none,
// atomically. A record that has expired at record.CreatedAt counts as none:
// create it if absent; if that is refused, read what is there with a version
// token; if that has expired, replace it if the token still holds. A race
// lost on the way is false. What cannot be decoded is false with an error
// matching core.ErrCorrupt. A backend without an atomic replacement does not
// implement Inserter.
type Inserter interface {
	Insert(ctx context.Context, record *Record) (bool, error)
}

// InsertConfirmer is an [Inserter] whose driver or server may repeat a
// request, so that "there is one already" may speak of its own record. Its
// records carry a random InsertID, which it must store. When Insert answers
// false, the Store asks whether the record there has that id.
type InsertConfirmer interface {
	InsertID(ctx context.Context, collection, key string) (string, error)
}

// CollectionDestroyer is a Backend that can remove a collection with all that
// is in it. It reports whether something live at the time now was there, or
// anything at all where it cannot tell.
type CollectionDestroyer interface {
	DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error)
}

// Destroyer is a Backend that can remove all records, and only records that
// this library wrote.
type Destroyer interface {
	Destroy(ctx context.Context) error
}

// Culler is a Backend that can remove the records that have expired at the
// time now, and counts them. A record that a concurrent writer has replaced
// meanwhile must stay.
type Culler interface {
	Cull(ctx context.Context, now time.Time) (int, error)
}

// Setupper is a Backend that needs something to be there, such as a table,
// before the first write. Setup is called again after a failure, and other
// processes may do the same at the same time: it tolerates what is there
// already.
type Setupper interface {
	Setup(ctx context.Context) error
}

// CollectionSetupper is a Backend that needs something to be there for each
// collection before the first write to it.
type CollectionSetupper interface {
	SetupCollection(ctx context.Context, collection string) error
}

// Pinger is a Backend that can check its server with one cheap round trip.
type Pinger interface {
	Ping(ctx context.Context) error
}

// ErrNotSetUp says that what the backend's setup makes is not there: no such
// table. A read takes it for a miss. A write sets up again and is repeated
// once.
var ErrNotSetUp = errors.New("not set up")

// KeyErrors says which keys of a batch failed, and why.
// All other keys of the batch succeeded.
type KeyErrors map[string]error

// Error returns how many keys failed.
func (e KeyErrors) Error() string {
	if len(e) == 1 {
		return "1 key of the batch failed"
	}
	return itoa(len(e)) + " keys of the batch failed"
}
