package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// destroyed is how many items are read at once before they are removed.
const destroyed = 100

// DestroyCollection removes the entries of the collection from all masters.
// What lies under a name of the collection and is no entry stays, as it may be
// another program's, and is an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	d := destroyer{backend: b, collection: collection, now: now}
	err := d.run(ctx)
	return d.found, err
}

// Destroy removes every entry of this library, Python's included, from all
// masters. What cannot be decoded may be another program's and stays.
func (b *backend) Destroy(ctx context.Context) error {
	d := destroyer{backend: b}
	return d.run(ctx)
}

// destroyer removes entries as it finds them, each only if it is still the same
// that was read.
type destroyer struct {
	*backend
	collection string // empty: all
	now        time.Time

	found bool // a live entry
	left  []error
}

func (d *destroyer) run(ctx context.Context) error {
	s := d.scan(d.collection)
	for s.more() {
		scanned, _, err := s.next(ctx)
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk(scanned, destroyed) {
			if err := d.remove(ctx, chunk); err != nil {
				return err
			}
		}
	}
	return driver.Leftovers("strings", d.left)
}

// remove reads what lies under the names and removes what is ours.
func (d *destroyer) remove(ctx context.Context, scanned []string) error {
	cmds := make([]*redis.StringCmd, len(scanned))
	answers := d.pipeline(ctx, d.client, scanned, func(i int) (redis.Cmder, int) {
		cmds[i] = current(ctx, scanned[i])
		return cmds[i], 0
	})
	var ours []content
	for i, name := range scanned {
		if answers.failed(i) {
			if err := answers.errs[i]; !errors.Is(err, core.ErrCorrupt) {
				return err
			}
			continue // a list has taken its place
		}
		data, err := cmds[i].Bytes()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if d.isOurs(name, data) {
			ours = append(ours, content{name, data})
		}
	}
	return d.backend.remove(ctx, ours)
}

// isOurs reports whether the data is an entry that this library has put there:
// one whose own names lead to that name in the database. It notes what else
// lies in the collection.
func (d *destroyer) isOurs(name string, data []byte) bool {
	if _, ok := itemOf(name); !ok {
		return false
	}
	envelope, err := managed.Decode(data)
	if err != nil {
		d.leave(name, err)
		return false
	}
	collection, hasCollection := envelope.Collection()
	key, hasKey := envelope.Key()
	if !hasCollection || !hasKey {
		d.leave(name, fmt.Errorf("%w: it does not name its collection and key", core.ErrCorrupt))
		return false
	}
	// Python does not escape a collection that contains the separator.
	if names.Compound(collection, key) != name && collection+separator+key != name {
		return false
	}
	if d.collection != "" && d.collection != collection {
		return false
	}
	d.found = d.found || !envelope.ExpiredAt(d.now)
	return true
}

// leave notes something in the collection that is no entry.
func (d *destroyer) leave(name string, err error) {
	if d.collection != "" {
		d.left = append(d.left, fmt.Errorf("%.200q: %w", name, err))
	}
}
