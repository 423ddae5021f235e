package memcached

import (
	"math"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

func TestExpiration(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 123456000, time.UTC)
	const day = 24 * time.Hour
	last := time.Unix(math.MaxInt32, 0).Sub(now)
	for _, c := range []struct {
		ttl  time.Duration
		want int64
	}{
		{time.Microsecond, 2},
		{time.Second - 1, 2},
		{time.Second, 2},
		{time.Second + 1, 3},
		{30*day - time.Second, maxRelative},
		{30*day - time.Second + 1, now.Add(30*day).Unix() + 60},
		{30 * day, now.Unix() + maxRelative + 61}, // the fraction of a second counts as one
		{365 * day, now.Add(365*day).Unix() + 61},
		{last - 61*time.Second, math.MaxInt32 - 1},
		{last - 60*time.Second, math.MaxInt32},
		{last - 60*time.Second + 1, 0},
		{last, 0},
		{math.MaxInt32 * time.Second, 0},
		{math.MaxUint32 * time.Second, 0},
		{math.MaxInt64, 0},
	} {
		record := driver.Record{Entry: core.Entry{CreatedAt: now, ExpiresAt: now.Add(c.ttl)}}
		if got := int64(expiration(&record)); got != c.want {
			t.Errorf("for %v: %d, want %d", c.ttl, got, c.want)
		}
	}
	if got := expiration(new(driver.Record)); got != 0 {
		t.Errorf("for ever: %d, want 0", got)
	}
}
