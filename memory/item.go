package memory

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// item is an entry as it is kept: 32 bytes, two of them to a cache line, and
// one string that holds copies of the value and of the key. Since nobody can
// modify a string, the value is copied out after the lock was released.
type item struct {
	data    string        // the value, the key, and the length of the key
	created int64         // nanoseconds since 1970
	ttl     time.Duration // core.NoTTL: never expires
}

// The length of a key is the last byte of data. If it does not fit, that byte
// is longKey, and the length is in the eight bytes before. The value comes
// first because it is copied faster where it begins at an even address.
const longKey = 0xff

func newItem(key string, value json.RawMessage, created int64, ttl time.Duration) item {
	var array [9]byte
	length := append(array[:0], byte(len(key)))
	if len(key) >= longKey {
		length = append(binary.LittleEndian.AppendUint64(array[:0], uint64(len(key))), longKey)
	}
	var data strings.Builder
	data.Grow(len(value) + len(key) + len(length))
	data.Write(value)
	data.WriteString(key)
	data.Write(length)
	return item{data: data.String(), created: created, ttl: ttl}
}

// keyBounds returns where in data the key begins, which is where the value
// ends, and where it ends.
func (i *item) keyBounds() (begin, end int) {
	end = len(i.data) - 1
	length := int(i.data[end])
	if length == longKey {
		end -= 8
		length = int(binary.LittleEndian.Uint64([]byte(i.data[end : end+8])))
	}
	return end - length, end
}

// key returns the key, which is a part of data: who keeps it clones it.
func (i *item) key() string {
	begin, end := i.keyBounds()
	return i.data[begin:end]
}

func (i *item) value() string {
	begin, _ := i.keyBounds()
	return i.data[:begin]
}

// valueOf is value if the item has that key. It does not look into data.
func (i *item) valueOf(key string) string {
	length := len(key) + 1
	if len(key) >= longKey {
		length += 8
	}
	return i.data[:max(0, len(i.data)-length)]
}

// size is what the item counts for in [Options].MaxBytes.
func (i *item) size() int {
	_, end := i.keyBounds()
	return end
}

func (i *item) expires() bool { return i.ttl != core.NoTTL }

// expired reports whether the item is no longer visible at the time now, in
// nanoseconds since 1970. The sum of created and ttl may exceed an int64,
// the difference of two present times does not.
func (i *item) expired(now int64) bool { return i.expires() && now-i.created >= int64(i.ttl) }

// expiredNow is expired at this moment. It looks at the clock only if the item
// has a time to live.
func (i *item) expiredNow() bool { return i.expires() && i.expired(present()) }

// times returns the two times of the entry. (Not the entry: to build that
// where it is returned saves a copy, which is a tenth of a small Get.)
func (i *item) times() (created, expires time.Time) {
	created = time.Unix(0, i.created).UTC()
	if i.expires() {
		expires = created.Add(i.ttl)
	}
	return created, expires
}

// present returns the wall clock in nanoseconds since 1970.
func present() int64 { return time.Now().UnixNano() }
