package vault

import (
	"context"
	"sync/atomic"
	"time"
)

// Cull destroys the versions that have expired, each with those before it. Later
// versions stay: what was written meanwhile is not lost.
func (b *backend) Cull(ctx context.Context, now time.Time) (int, error) {
	names, err := b.list(ctx)
	if err != nil {
		return 0, err
	}
	var count atomic.Int64
	err = b.atOnce(ctx, len(names), func(i int) error {
		f, err := b.look(ctx, names[i])
		if err != nil {
			return err
		}
		return b.cull(ctx, &f, now, &count)
	})
	return int(count.Load()), err
}

// cull destroys what was found if that has expired, and counts it.
func (b *backend) cull(ctx context.Context, f *found, now time.Time, count *atomic.Int64) error {
	if f.isEntry() && f.entry.ExpiredAt(now) {
		if err := b.destroy(ctx, f.name, f.version); err != nil {
			return err
		}
		count.Add(1)
		f.destroyed = true
	}
	if !f.destroyed || !b.options.CullNames {
		return nil
	}
	empty, err := b.isEmpty(ctx, f.name)
	if !empty || err != nil {
		return err
	}
	return b.remove(ctx, f.name)
}
