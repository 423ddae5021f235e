package redis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

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
func (b *backend) examine(ctx context.Context, server redis.Cmdable, items []item) ([]item, error) {
	if b.verify {
		return b.readItems(ctx, server, items)
	}
	lives := make([]*redis.DurationCmd, len(items))
	answers := b.pipeline(ctx, server, physical(items), func(i int) (redis.Cmder, int) {
		lives[i] = redis.NewDurationCmd(ctx, time.Millisecond, "pttl", items[i].name)
		return lives[i], 0
	})
	var lasting, ending []item
	for i, item := range items {
		life := time.Duration(lasts)
		if !answers.failed(i) {
			life = lives[i].Val()
		} else if err := answers.errs[i]; !isElsewhere(err) {
			return nil, err
		}
		switch {
		case life == gone:
		case life == lasts || life > soon:
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

// readItems returns those items of a server that are still there, and are entries of
// the names that they lie under or cannot be decoded.
func (b *backend) readItems(ctx context.Context, server redis.Cmdable, items []item) ([]item, error) {
	cmds := make([]*redis.StringCmd, len(items))
	answers := b.pipeline(ctx, server, physical(items), func(i int) (redis.Cmder, int) {
		cmds[i] = redis.NewStringCmd(ctx, "get", items[i].name)
		return cmds[i], 0
	})
	present := make([]item, 0, len(items))
	for i, item := range items {
		if answers.failed(i) {
			switch err := answers.errs[i]; {
			case errors.Is(err, core.ErrCorrupt): // a list has taken its place
			case isElsewhere(err):
				present = append(present, item)
			default:
				return nil, err
			}
			continue
		}
		entry, err := decode(cmds[i], item.collection, item.key)
		if err == core.ErrNotFound {
			continue
		}
		item.expiresAt = entry.ExpiresAt
		if err != nil {
			item.err = fmt.Errorf("%.200q: %w", item.name, err)
		}
		present = append(present, item)
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

// isElsewhere reports whether an error says that another node of the cluster
// has the key by now.
func isElsewhere(err error) bool {
	_, moved := redis.IsMovedError(err)
	_, asked := redis.IsAskError(err)
	return moved || asked
}
