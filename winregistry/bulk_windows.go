package winregistry

import (
	"context"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// together is how many values are written in one turn.
const together = 64

// PutMany sets the values, many of them in one turn.
func (b *backend) PutMany(ctx context.Context, records []driver.Record) error {
	s := getScratch()
	defer putScratch(s)
	return b.each(ctx, records[0].Collection, len(records),
		func(i int) string { return records[i].Key },
		func(k registry.Key, i int) error {
			data, err := s.encode(&records[i])
			if err != nil {
				return err
			}
			return setString(k, s.name(valueName(records[i].Key)), data)
		})
}

// DeleteMany removes the values, many of them in one turn.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	count := 0
	err := b.each(ctx, collection, len(keys),
		func(i int) string { return keys[i] },
		func(k registry.Key, i int) error {
			live, err := remove(k, collection, keys[i], now)
			if live {
				count++
			}
			if err == core.ErrNotFound {
				return nil
			}
			return err
		})
	if err == driver.ErrNotSetUp {
		err = nil // the others are not there
	}
	return count, err
}

// each calls the function for so many keys of the collection, and says which of
// them failed. It ends with driver.ErrNotSetUp where the collection has no key.
func (b *backend) each(ctx context.Context, collection string, n int, name func(int) string, call func(registry.Key, int) error) error {
	failed := make(driver.KeyErrors)
	for start := 0; start < n; start += together {
		next, end := start, min(start+together, n)
		err := b.write(ctx, collection, func(k registry.Key) error {
			for ; next < end; next++ {
				err := ctx.Err()
				if err == nil {
					err = call(k, next)
				}
				if err == windows.ERROR_KEY_DELETED {
					return err // once more with the key that has taken its place
				}
				if err != nil {
					failed[name(next)] = err
				}
			}
			return nil
		})
		if err == driver.ErrNotSetUp {
			return err
		}
		if err != nil { // none of these is known to be done
			for i := start; i < end; i++ {
				failed[name(i)] = err
			}
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return failed
}
