package winregistry

import (
	"context"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// Insert sets the value where there is no live entry. What is the entry of
// other names is none, as it is for Get.
func (b *backend) Insert(ctx context.Context, record *driver.Record) (inserted bool, err error) {
	s := getScratch()
	defer putScratch(s)
	err = b.write(ctx, record.Collection, func(k registry.Key) error {
		name := valueName(record.Key)
		text, err := s.read(k, name)
		if err == nil {
			var entry core.Entry
			entry, err = managed.DecodeAs(text, record.Collection, record.Key)
			if err == nil && !entry.ExpiredAt(record.CreatedAt) {
				return nil
			}
		}
		if err != nil && err != core.ErrNotFound {
			return err
		}
		data, err := s.encode(record)
		if err != nil {
			return err
		}
		err = setString(k, s.name(name), data)
		inserted = err == nil
		return err
	})
	return inserted && err == nil, err
}
