package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// DestroyCollection removes the entries of the collection. What lies under a
// name of the collection and is no entry stays, as it may be another program's,
// and is an error.
func (b *backend) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	d := destroyer{backend: b, collection: collection, now: now}
	err := d.run(ctx)
	return d.live, err
}

// Destroy removes every entry of this library, Python's included. What cannot
// be decoded may be another program's and stays.
func (b *backend) Destroy(ctx context.Context) error {
	d := destroyer{backend: b}
	return d.run(ctx)
}

// destroyer removes entries as it finds them.
type destroyer struct {
	*backend
	collection string // empty: all
	now        time.Time

	live bool // whether there was a live entry
	left []error
}

func (d *destroyer) run(ctx context.Context) error {
	names, err := d.namesOf(ctx, d.collection)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(names, chunk) {
		secrets, err := d.walk(ctx, some)
		if err != nil {
			return err
		}
		secrets = slices.DeleteFunc(secrets, func(f found) bool { return !d.wants(&f) })
		err = d.atOnce(ctx, len(secrets), func(i int) error { return d.removeFound(ctx, &secrets[i]) })
		if err != nil {
			return err
		}
	}
	return errors.Join(d.left...)
}

// wants reports whether a secret is to be removed, and notes what is left in the
// collection.
func (d *destroyer) wants(f *found) bool {
	switch {
	case f.err != nil:
		if d.collection != "" {
			d.left = append(d.left, fmt.Errorf("left %.200q: %w", f.name, f.err))
		}
		return false
	case f.text == nil:
		// Of one that was deleted and not destroyed another program may still
		// want to undo that.
		return f.destroyed || f.version == 0
	case f.foreign || d.collection != "" && d.collection != f.collection:
		return false
	}
	d.live = d.live || !f.entry.ExpiredAt(d.now)
	return true
}

// removeFound removes a secret that was found: an entry, or one that seems to be
// empty.
func (b *backend) removeFound(ctx context.Context, f *found) error {
	if f.text == nil {
		if empty, err := b.isEmpty(ctx, f.name); !empty || err != nil {
			return err
		}
	}
	return b.remove(ctx, f.name)
}

// isEmpty reports whether there is nothing left of a secret but metadata.
func (b *backend) isEmpty(ctx context.Context, name string) (bool, error) {
	metadata, err := b.read(ctx, b.path("metadata", name))
	if _, ok := notThere(err); ok {
		return false, nil
	}
	if err != nil {
		return false, failure(err)
	}
	if metadata["custom_metadata"] != nil { // somebody's notes
		return false, nil
	}
	versions, ok := metadata["versions"].(map[string]any)
	for _, version := range versions {
		fields, _ := version.(map[string]any)
		if destroyed, _ := fields["destroyed"].(bool); !destroyed {
			return false, nil
		}
	}
	return ok, nil
}
