package memcached

import (
	"math"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

const (
	// maxRelative is the longest time to live that a server takes for one:
	// larger numbers are dates to it.
	maxRelative = 30 * 24 * 60 * 60

	// clockAllowance is by how many seconds a server's clock may be ahead of
	// ours without an entry being gone early. It matters for dates only.
	clockAllowance = 60

	// forget has the server drop an item at once.
	forget = -1
)

// expiration returns the time at which a server may drop the record, in the
// form that servers read: zero for never, seconds from now, or a date. It is
// never before the record expires. That a record is not seen after it is up to
// the time in its envelope.
func expiration(record *driver.Record) int32 {
	if record.ExpiresAt.IsZero() {
		return 0
	}
	// A server's clock ticks once a second: one more for the tick under way.
	if ttl := record.ExpiresAt.Sub(record.CreatedAt); ttl <= (maxRelative-1)*time.Second {
		return int32(ceilSeconds(ttl)) + 1
	}
	date := record.ExpiresAt.Add(time.Second-1).Unix() + clockAllowance
	if date > math.MaxInt32 {
		return 0 // beyond the last date that servers know
	}
	return int32(date)
}

func ceilSeconds(d time.Duration) int64 {
	seconds := int64(d / time.Second)
	if d%time.Second > 0 {
		seconds++
	}
	return seconds
}
