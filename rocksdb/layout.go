package rocksdb

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

// The marker is a key which says that the database is one of ours, and what the
// layout is. It is no key of an entry, as those contain the separator.
const (
	marker = names.Marker + "layout"
	layout = "keyvalue rocksdb 1"
)

// isOurs reports whether the marker is there. A database without it is ours to
// take if it is empty, and otherwise ErrForeign.
func isOurs(db *librocksdb.Database) (bool, error) {
	value, found, err := db.Get([]byte(marker), nil)
	switch {
	case err != nil:
		return false, failure(err)
	case found && string(value) != layout:
		return false, fmt.Errorf("%w: its layout is %.40q and not %q", ErrForeign, value, layout)
	case found:
		return true, nil
	}
	records, _, err := db.Scan(&librocksdb.Query{Limit: 1}, nil)
	if err == nil && len(records) > 0 {
		err = fmt.Errorf("%w: it holds other data", ErrForeign)
	}
	return false, failure(err)
}

// claim makes sure that the database is ours.
func claim(db *librocksdb.Database) error {
	ours, err := isOurs(db)
	if ours || err != nil {
		return err
	}
	return failure(db.Put([]byte(marker), []byte(layout)))
}

// bounds returns the first key that a collection may have, and the first behind
// it that it cannot have. The keys of a collection begin with its name and ::,
// so the latter is its name and :; which comes right behind in byte order.
func bounds(collection string) (lower, upper []byte) {
	lower = names.AppendCompound(nil, collection, "")
	upper = append([]byte(nil), lower...)
	upper[len(upper)-1]++
	return lower, upper
}

// last is behind all keys of entries, which are valid UTF-8.
const last = "\xff"

// headerSize is the size of what is before the envelope of an entry: when it
// expires, in microseconds since 1970, the highest byte first, or 0 for never.
// There the compaction filter and listings see it without reading the envelope.
const headerSize = 8

// appendValue appends what is stored for a record.
func appendValue(dst []byte, record *driver.Record) []byte {
	dst = binary.BigEndian.AppendUint64(dst, expiryOf(record.ExpiresAt))
	return managed.Append(dst, record)
}

// decode returns the entry in a value that lies under the names. Its value is a
// part of the data.
func decode(data []byte, collection, key string) (core.Entry, error) {
	if len(data) < headerSize {
		return core.Entry{}, fmt.Errorf("%w: %d bytes are too few", core.ErrCorrupt, len(data))
	}
	entry, err := managed.DecodeAs(data[headerSize:], collection, key)
	if err == nil && expiryOf(entry.ExpiresAt) != binary.BigEndian.Uint64(data) {
		// It could be removed before its time.
		return core.Entry{}, fmt.Errorf("%w: its two times of expiry differ", core.ErrCorrupt)
	}
	return entry, err
}

// expiryOf returns a time as it is stored. Whatever is not after 1970 has
// expired, and must not mean never.
func expiryOf(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(max(1, t.UnixMicro()))
}

// timeOf undoes expiryOf.
func timeOf(expiry uint64) time.Time {
	if expiry == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(min(expiry, math.MaxInt64)))
}
