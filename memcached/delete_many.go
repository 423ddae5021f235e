package memcached

import (
	"bytes"
	"context"
	"strconv"
	"sync/atomic"
	"time"
)

// DeleteMany reads the items of a batch with one request to each server, and
// removes them with one exchange, each as Delete would.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	keyAt := func(i int) string { return keys[i] }
	failed := make(failures, len(keys))
	var count atomic.Int64
	if b.selector == nil {
		oneByOne(ctx, all(len(keys)), failed, func(i int) error {
			live, err := b.Delete(ctx, collection, keys[i], now)
			if live {
				count.Add(1)
			}
			return err
		})
		return int(count.Load()), failed.result(keyAt)
	}
	groups, err := b.groups(collection, len(keys), keyAt)
	if err != nil {
		return 0, failure(err)
	}
	forEach(groups, func(g *group) {
		d := deletion{backend: b, group: g, collection: collection, keys: keys, now: now, failed: failed}
		d.run(ctx)
		count.Add(int64(d.count))
	})
	return int(count.Load()), failed.result(keyAt)
}

// deletion is the part of a batch that is deleted on one server.
type deletion struct {
	backend    *backend
	group      *group
	collection string
	keys       []string
	now        time.Time
	failed     failures
	count      int // of live entries that were deleted
}

// condemned is an item that is there and is to be deleted.
type condemned struct {
	name    string
	place   int
	verdict verdict
	token   uint64
}

// run deletes the group. Items that others have replaced meanwhile are looked
// at again.
func (d *deletion) run(ctx context.Context) {
	for range maxAttempts {
		items, answered, err := d.backend.bulk.gets(ctx, d.group.server, d.group.names)
		d.failed.fail(d.group.places[answered:], err)
		if d.group = d.remove(ctx, d.judge(items[:answered])); len(d.group.names) == 0 {
			return
		}
	}
	d.failed.fail(d.group.places, errContention)
}

// judge returns the items that are to be deleted.
func (d *deletion) judge(items []found) []condemned {
	list := make([]condemned, 0, len(items))
	for i, item := range items {
		if item.value == nil {
			continue
		}
		place := d.group.places[i]
		verdict := judge(item.value, item.token, d.collection, d.keys[place], d.now)
		switch {
		case verdict == dead && item.token == 0:
			d.failed[place] = errNoTokens
		case verdict != left:
			list = append(list, condemned{d.group.names[i], place, verdict, item.token})
		}
	}
	return list
}

// remove deletes the items and returns those that others have replaced.
func (d *deletion) remove(ctx context.Context, list []condemned) *group {
	replaced := &group{server: d.group.server}
	if len(list) == 0 {
		return replaced
	}
	answered, err := d.backend.bulk.exchange(ctx, d.group.server, &exchange{
		count:  len(list),
		append: func(dst []byte, i int) []byte { return list[i].appendTo(dst) },
		reply: func(i int, line []byte) bool {
			switch c := &list[i]; {
			case string(line) == "DELETED":
				d.count++
			case string(line) == "STORED", string(line) == "NOT_FOUND":
			case string(line) == "EXISTS":
				replaced.names = append(replaced.names, c.name)
				replaced.places = append(replaced.places, c.place)
			case bytes.HasPrefix(line, serverError):
				d.failed[c.place] = replied(string(line))
			default:
				return false
			}
			return true
		},
	})
	for _, c := range list[answered:] {
		d.failed[c.place] = err
	}
	return replaced
}

// appendTo appends the request to delete the item.
func (c *condemned) appendTo(dst []byte) []byte {
	if c.verdict == live {
		dst = append(dst, "delete "...)
		dst = append(dst, c.name...)
		return append(dst, "\r\n"...)
	}
	dst = append(dst, "cas "...)
	dst = append(dst, c.name...)
	dst = append(dst, " 0 "...)
	dst = strconv.AppendInt(dst, forget, 10)
	dst = append(dst, " 0 "...)
	dst = strconv.AppendUint(dst, c.token, 10)
	return append(dst, "\r\n\r\n"...)
}
