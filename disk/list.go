package disk

import (
	"context"
	"errors"
	"os"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Keys lists the keys of a collection: it reads the names of all files at once,
// and then page by page the files, which say what the keys are and when they
// expire.
func (b *backend) Keys(_ context.Context, collection string) (driver.Pager, error) {
	directory := scheme.Encode(collection)
	return b.list(
		func(root *os.Root) ([]string, error) { return entryFiles(root, directory) },
		func(_ context.Context, root *os.Root, buffer *buffer, encoded string) (driver.Listed, error) {
			entry, err := lookAt(root, buffer, directory, encoded)
			switch {
			case errors.Is(err, core.ErrCorrupt):
				return driver.Listed{Name: encoded, Err: err}, nil
			case err != nil || entry == nil || entry.collection != collection:
				return driver.Listed{}, err
			}
			return driver.Listed{Name: entry.key, ExpiresAt: entry.ExpiresAt}, nil
		})
}

// Collections lists the collections. Of each it reads files until it finds an
// entry that lives.
func (b *backend) Collections(context.Context) (driver.Pager, error) {
	return b.list(collectionDirectories, collectionIn)
}

// errLive ends a walk.
var errLive = errors.New("live entry found")

// collectionIn returns the name of the collection in a directory, or nothing if
// no entry of it lives.
func collectionIn(ctx context.Context, root *os.Root, buffer *buffer, directory string) (listed driver.Listed, err error) {
	err = eachFileOf(ctx, root, directory, func(directory, encoded string) error {
		entry, err := lookAt(root, buffer, directory, encoded)
		if errors.Is(err, core.ErrCorrupt) || err == nil && (entry == nil || entry.Expired()) {
			return nil // no sign of a collection
		}
		if err != nil {
			return err
		}
		listed = driver.Listed{Name: entry.collection, ExpiresAt: entry.ExpiresAt}
		return errLive
	})
	if errors.Is(err, errLive) {
		err = nil
	}
	return listed, err
}

// pager lists what the files say whose names it has.
type pager struct {
	backend *backend
	names   []string // of files or directories, not looked at yet

	// look returns what a name stands for, with an empty Name if nothing.
	look func(ctx context.Context, root *os.Root, buffer *buffer, name string) (driver.Listed, error)
}

func (b *backend) list(
	names func(root *os.Root) ([]string, error),
	look func(ctx context.Context, root *os.Root, buffer *buffer, name string) (driver.Listed, error),
) (driver.Pager, error) {
	root, err := b.open()
	if err != nil {
		return driver.Names(nil), absent(err)
	}
	all, err := names(root)
	return &pager{backend: b, names: all, look: look}, err
}

// Next looks at as many names as a page has.
func (p *pager) Next(ctx context.Context) (page []driver.Listed, more bool, err error) {
	root, err := p.backend.open()
	if err != nil {
		return nil, false, absent(err)
	}
	buffer := borrow()
	defer buffer.release()
	names := p.names[:min(driver.PageSize, len(p.names))]
	p.names = p.names[len(names):]
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		listed, err := p.look(ctx, root, buffer, name)
		if err != nil {
			return nil, false, err
		}
		if listed.Name != "" {
			page = append(page, listed)
		}
	}
	return page, len(p.names) > 0, nil
}

// Close has nothing to release: no directory is open between two pages.
func (p *pager) Close() error { return nil }
