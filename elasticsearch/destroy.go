package elasticsearch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// DestroyCollection deletes the index, if it is ours, and otherwise the entries
// in it.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	name := b.layout.index(collection)
	if !b.layout.single {
		known, err := b.look(ctx, name)
		if err != nil {
			return false, err
		}
		// With V1Names a second collection may be in the same index.
		if known != nil && b.isOurs(name, known) && !b.layout.v1 {
			found, err := b.hasLive(ctx, name, collection, now)
			if err != nil {
				return false, err
			}
			return found, b.remove(ctx, []string{name})
		}
		if known != nil && known.Prefix != b.layout.prefix {
			return false, nil // another store's
		}
	}
	c := cleaner{backend: b, index: name, collection: collection, now: now}
	query := everything()
	if b.layout.single {
		query = inCollection(collection)
	}
	if err := c.run(ctx, query); err != nil {
		return c.live > 0, err
	}
	if c.left > 0 {
		return c.live > 0, corrupt(fmt.Sprintf("%d documents of the index %q are no entries, and were left", c.left, name))
	}
	return c.live > 0, nil
}

// hasLive reports whether there is a live entry of the collection.
func (b *backend) hasLive(ctx context.Context, index, collection string, now time.Time) (bool, error) {
	if err := b.update(ctx, index, nil); err != nil {
		return false, err
	}
	s := search{index: index, query: liveIn(collection, now), sort: byNumber, size: 1}
	hits, _, err := b.next(ctx, &s)
	return len(hits) > 0, err
}

// Destroy deletes the indices that are ours, and from the others the entries.
// The template stays.
func (b *backend) Destroy(ctx context.Context) error {
	indices, err := b.indices(ctx)
	if err != nil {
		return err
	}
	var ours []string
	var errs []error
	for _, i := range indices {
		if i.meta != nil {
			ours = append(ours, i.name)
			continue
		}
		c := cleaner{backend: b, index: i.name}
		if err := c.run(ctx, everything()); err != nil && !errors.Is(err, driver.ErrNotSetUp) {
			errs = append(errs, fmt.Errorf("index %q: %w", i.name, err))
		}
	}
	errs = append(errs, b.remove(ctx, ours))
	return errors.Join(errs...)
}

// Cull deletes the entries that have expired, each only if it is still the one
// that was found.
func (b *backend) Cull(ctx context.Context, now time.Time) (int, error) {
	indices, err := b.indices(ctx)
	if err != nil {
		return 0, err
	}
	count := 0
	var errs []error
	for _, i := range indices {
		c := cleaner{backend: b, index: i.name, now: now, onlyExpired: true}
		if err := c.run(ctx, expired(now)); err != nil && !errors.Is(err, driver.ErrNotSetUp) {
			errs = append(errs, fmt.Errorf("index %q: %w", i.name, err))
		}
		count += c.removed
	}
	return count, errors.Join(errs...)
}

// cleaner deletes entries from an index as it finds them: only those whose own
// names lead to where they lie, and only if they are still what was found.
type cleaner struct {
	*backend
	index       string
	collection  string // empty: all
	now         time.Time
	onlyExpired bool

	live, removed int // of those that were deleted
	left          int // documents that are no entries
}

func (c *cleaner) run(ctx context.Context, query object) error {
	if err := c.update(ctx, c.index, nil); err != nil {
		return err
	}
	s := search{index: c.index, query: query, sort: byNumber, size: pageSize}
	for more := true; more; {
		var hits []hit
		var err error
		if hits, more, err = c.next(ctx, &s); err != nil {
			return err
		}
		if err := c.clean(ctx, hits); err != nil {
			return err
		}
	}
	return nil
}

// clean deletes those of the hits that are to be.
func (c *cleaner) clean(ctx context.Context, hits []hit) error {
	var actions []action
	var owners []owner
	for i := range hits {
		o, ours := c.belongs(c.index, &hits[i])
		switch {
		case !ours && o.collection == "" || !ours && o.key == "":
			c.left++
		case !ours, c.collection != "" && o.collection != c.collection, c.onlyExpired && !c.isExpired(o):
		default:
			actions = append(actions, action{verb: "delete", id: hits[i].ID, as: hits[i].document()})
			owners = append(owners, o)
		}
	}
	var errs []error
	for i, outcome := range c.bulk(ctx, c.index, actions, nil) {
		switch {
		case outcome.err != nil && !outcome.conflicts():
			errs = append(errs, outcome.err)
		case outcome.status == http.StatusOK:
			c.removed++
			if !c.isExpired(owners[i]) {
				c.live++
			}
		}
	}
	if len(errs) > 0 {
		return errs[0] // they are alike
	}
	return nil
}

func (c *cleaner) isExpired(o owner) bool { return !o.expiresAt.IsZero() && !o.expiresAt.After(c.now) }
