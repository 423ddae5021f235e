package memcached

import (
	"bytes"
	"context"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// PutMany sends all records that go to one server before it reads the replies.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	// All of them before any is written. As for any other argument that is
	// refused, the error names the key which is to blame.
	if err := b.limits.checkRecords(b.naming, records); err != nil {
		return err
	}
	keyAt := func(i int) string { return records[i].Key }
	failed := make(failures, len(records))
	if b.selector == nil {
		oneByOne(ctx, all(len(records)), failed, func(i int) error {
			return b.Put(ctx, &records[i])
		})
		return failed.result(keyAt)
	}
	groups, err := b.groups(records[0].Collection, len(records), keyAt)
	if err != nil {
		return failure(err)
	}
	forEach(groups, func(g *group) {
		answered, err := b.bulk.exchange(ctx, g.server, &exchange{
			count: len(g.names),
			append: func(dst []byte, i int) []byte {
				return b.appendSet(dst, g.names[i], &records[g.places[i]])
			},
			reply: func(i int, line []byte) bool {
				if bytes.HasPrefix(line, serverError) {
					failed[g.places[i]] = replied(string(line))
					return true
				}
				return string(line) == "STORED"
			},
		})
		failed.fail(g.places[answered:], err)
	})
	return failed.result(keyAt)
}

// serverError begins the reply to a request that the server understands and
// cannot perform.
var serverError = []byte("SERVER_ERROR ")

// appendSet appends the request to write a record, whose size was checked.
func (b *backend) appendSet(dst []byte, name string, record *driver.Record) []byte {
	r := b.encode(name, record)
	defer b.free(r)
	dst = append(dst, "set "...)
	dst = append(dst, name...)
	dst = append(dst, " 0 "...)
	dst = strconv.AppendInt(dst, int64(r.item.Expiration), 10)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, int64(len(r.item.Value)), 10)
	dst = append(dst, "\r\n"...)
	dst = append(dst, r.item.Value...)
	return append(dst, "\r\n"...)
}
