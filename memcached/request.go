package memcached

import (
	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// request is an item to be written. It owns its value: a call that goes on
// after its caller has given up reads nothing of the caller's.
type request struct {
	item memcache.Item
}

// maxKept is the largest buffer in bytes that is kept for the next request.
const maxKept = 64 << 10

// newRequest encodes a record for the item of that name, and refuses one that
// is too large.
func (b *backend) newRequest(name string, record *driver.Record) (*request, error) {
	r := b.encode(name, record)
	if err := b.limits.checkItem(name, r.item.Value); err != nil {
		b.free(r)
		return nil, err
	}
	return r, nil
}

func (b *backend) encode(name string, record *driver.Record) *request {
	r, _ := b.requests.Get().(*request)
	if r == nil {
		r = new(request)
	}
	r.item = memcache.Item{
		Key:        name,
		Value:      managed.Append(r.item.Value[:0], record),
		Expiration: expiration(record),
	}
	return r
}

// free gives a request back that nobody uses any more.
func (b *backend) free(r *request) {
	if cap(r.item.Value) <= maxKept {
		b.requests.Put(r)
	}
}
