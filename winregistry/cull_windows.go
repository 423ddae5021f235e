package winregistry

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
)

// Cull removes the entries that have expired. It reads without a turn, and looks
// again at what it removes when it has one.
func (b *backend) Cull(ctx context.Context, now time.Time) (count int, err error) {
	err = b.eachKey(ctx, func(name string) error {
		expired, err := b.expiredIn(ctx, name, now)
		if err != nil {
			return err
		}
		for _, value := range expired {
			removed, err := b.removeExpired(ctx, name, value, now)
			if err != nil {
				return err
			}
			if removed {
				count++
			}
		}
		return nil
	})
	return count, err
}

// expiredIn returns the names of the values in a collection's key that hold
// entries which have expired.
func (b *backend) expiredIn(ctx context.Context, name string, now time.Time) (expired []string, err error) {
	in, ok := slotOf(keyNames, name)
	if !ok {
		return nil, nil
	}
	stored, err := b.valuesOf(ctx, name)
	if err != nil {
		return nil, err
	}
	k, err := b.openStored(name, toRead)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	for _, value := range stored {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		has, err := hasExpired(k, in, value, now)
		if err != nil {
			return nil, err
		}
		if has {
			expired = append(expired, value)
		}
	}
	return expired, nil
}

// hasExpired reports whether an entry that has expired is in the value.
func hasExpired(k registry.Key, in slot, value string, now time.Time) (bool, error) {
	e, err := look(k, in, value)
	if err == core.ErrNotFound || errors.Is(err, core.ErrCorrupt) {
		return false, nil
	}
	return err == nil && e.ExpiredAt(now), err
}

// removeExpired removes the value if there is still an entry in it that has
// expired.
func (b *backend) removeExpired(ctx context.Context, name, value string, now time.Time) (removed bool, err error) {
	in, _ := slotOf(keyNames, name)
	err = b.writers.inTurn(ctx, func() error {
		k, err := b.openStored(name, toWrite)
		if err != nil {
			return err
		}
		defer k.Close()
		has, err := hasExpired(k, in, value, now)
		if err != nil || !has {
			return err
		}
		s := getScratch()
		defer putScratch(s)
		if err := deleteValue(k, s.name(value)); err != nil {
			return notFound(err, nil)
		}
		removed = true
		return b.sync(k)
	})
	return removed, err
}
