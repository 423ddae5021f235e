package valkey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
)

// soon is how long before the server removes an item its entry may have expired
// already: the server rounds up, counts from when the write arrives, and has a
// clock of its own. The Python library rounds up to a second.
const soon = time.Minute

// known is what a listing knows about an item.
type known struct {
	expiresAt time.Time // zero: never, or not soon
	err       error     // set where the item is no entry
}

func (k *known) expired() bool { return core.Entry{ExpiresAt: k.expiresAt}.Expired() }

// examine returns those items of a server that are still there. It reads only
// those that the server will remove soon, or all where that is asked for, and
// knows nothing else about the others.
func (b *backend) examine(ctx context.Context, server valkey.Client, items []item) ([]item, error) {
	if b.verify {
		return b.readItems(ctx, server, items)
	}
	lives := make([]int64, len(items))
	j := job[valkey.Completed]{keys: physical(items), send: server.DoMulti}
	j.build = func(i int) (valkey.Completed, int) { return remaining(server.B(), items[i].name), 0 }
	j.take = func(i int, result *valkey.ValkeyResult) (err error) {
		lives[i], err = result.AsInt64()
		return err
	}
	answers := j.run(ctx)
	var lasting, ending []item
	for i, item := range items {
		if answers.failed(i) {
			if err := answers.errs[i]; !isElsewhere(err) {
				return nil, err
			}
			lives[i] = lasts
		}
		switch life := lives[i]; {
		case life == gone:
		case life == lasts || life > soon.Milliseconds():
			lasting = append(lasting, item)
		default:
			ending = append(ending, item)
		}
	}
	if len(ending) == 0 {
		return lasting, nil
	}
	ending, err := b.readItems(ctx, server, ending)
	return append(lasting, ending...), err
}

// What PTTL answers for a key that never expires, and for one that is not there.
const lasts, gone = -1, -2

// readItems returns those items of a server that are still there, and are
// entries of the names that they lie under or cannot be decoded.
func (b *backend) readItems(ctx context.Context, server valkey.Client, items []item) ([]item, error) {
	present := make([]item, 0, len(items))
	j := job[valkey.Completed]{keys: physical(items), send: server.DoMulti, replies: &b.got}
	j.build = func(i int) (valkey.Completed, int) { return current(server.B(), items[i].name), 0 }
	j.take = func(i int, result *valkey.ValkeyResult) error {
		item := items[i]
		entry, err := decode(result, item.collection, item.key)
		if err == core.ErrNotFound {
			return nil
		}
		item.expiresAt = entry.ExpiresAt
		if err != nil {
			item.err = fmt.Errorf("%.200q: %w", item.name, err)
		}
		present = append(present, item)
		return nil
	}
	answers := j.run(ctx)
	for i, err := range answers.errs {
		switch {
		case err == nil, errors.Is(err, core.ErrCorrupt): // a list has taken its place
		case isElsewhere(err):
			present = append(present, items[i])
		default:
			return nil, err
		}
	}
	return present, nil
}

// physical returns the names of the items in the database.
func physical(items []item) []string {
	names := make([]string, len(items))
	for i := range items {
		names[i] = items[i].name
	}
	return names
}
