package memcached

import (
	"context"
	"errors"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// maxAttempts is how often a conditional write is tried while others change
// the entry. Each attempt but the first means that another caller succeeded.
const maxAttempts = 1000

// Delete reads the item, and removes it in one of two ways. See verdict.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	name := b.naming.item(collection, key)
	live, err := call(ctx, b, name, func(client *memcache.Client) (bool, error) {
		return remove(ctx, client, name, collection, key, now)
	})
	return live, failure(err)
}

func remove(ctx context.Context, client *memcache.Client, name, collection, key string, now time.Time) (bool, error) {
	for range maxAttempts {
		item, err := get(client, name)
		if err == memcache.ErrCacheMiss {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch judge(item.Value, item.CasID, collection, key, now) {
		case left:
			return false, nil
		case live:
			err := client.Delete(name)
			if err == memcache.ErrCacheMiss {
				return false, nil // another caller was told true
			}
			return err == nil, err
		}
		if item.CasID == 0 {
			return false, errNoTokens
		}
		item.Value, item.Expiration = nil, forget
		if err := client.CompareAndSwap(item); !overtaken(err) {
			return false, err
		}
		if err := ctx.Err(); err != nil { // nobody waits for this any more
			return false, err
		}
	}
	return false, errContention
}

// overtaken reports whether a conditional write was refused since another
// caller had replaced or removed the item.
func overtaken(err error) bool {
	return err == memcache.ErrCASConflict || err == memcache.ErrCacheMiss || err == memcache.ErrNotStored
}

// verdict is what becomes of an item that is to be deleted.
type verdict int

const (
	// live: it is deleted, whatever is there by then. If another caller has
	// put something meanwhile, that is what was deleted, and if another has
	// deleted it, the server says that there is nothing: of racing deletes
	// one is told true.
	live verdict = iota

	// dead: it has expired or cannot be decoded. It is replaced by an item
	// which expires at once, on condition that nobody has written meanwhile:
	// what was put after it was read as dead must stay, or be counted.
	dead

	// left: it stays where it is. It is another entry, which some program
	// keeps under a name that is ours for this one; or it has expired, on a
	// server that knows no conditions and will remove it by itself.
	left
)

// judge reads an item. The token is zero where the server has none.
func judge(value []byte, token uint64, collection, key string, now time.Time) verdict {
	entry, err := managed.DecodeAs(value, collection, key)
	switch {
	case errors.Is(err, core.ErrNotFound):
		return left
	case err != nil:
		return dead
	case !entry.ExpiredAt(now):
		return live
	case token == 0:
		return left
	}
	return dead
}
