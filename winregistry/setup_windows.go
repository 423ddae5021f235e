package winregistry

import (
	"context"
	"fmt"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Setup makes the key that holds the collections.
func (b *backend) Setup(context.Context) error {
	if b.options.NoCreate {
		key, err := b.openPath(registry.QUERY_VALUE)
		return exists(key, err, "of the path")
	}
	return b.create(b.options.Path, 0)
}

// SetupCollection makes the key of the collection.
func (b *backend) SetupCollection(_ context.Context, collection string) error {
	if b.options.NoCreate {
		key, err := b.openCollection(collection, toRead)
		return exists(key, err, "of the collection")
	}
	var options uint32
	if b.options.Volatile {
		options = optionVolatile
	}
	return b.create(b.options.Path+`\`+keyName(collection), options)
}

// exists closes a key that was opened. If there was none, it says so.
func exists(key registry.Key, err error, which string) error {
	if err == driver.ErrNotSetUp {
		return fmt.Errorf("the key %s is not there, and NoCreate is set", which)
	}
	if err != nil {
		return err
	}
	return key.Close()
}

func (b *backend) create(path string, options uint32) error {
	if err := createKey(b.hive, path, options, registry.QUERY_VALUE|b.view); err != nil {
		return fmt.Errorf("making the key %s: %w", path, err)
	}
	return nil
}

// Ping opens the key that holds the collections. That it is not there is an
// error only if no write will make it.
func (b *backend) Ping(context.Context) error {
	key, err := b.openPath(registry.QUERY_VALUE)
	if err == driver.ErrNotSetUp && !b.options.NoCreate {
		return nil
	}
	return exists(key, err, "of the path")
}
