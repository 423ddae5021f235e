package elasticsearch

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// raceAttempts is how often a call looks again when what it has read was
// replaced or removed meanwhile. Each time somebody else got on.
const raceAttempts = 16

// Delete removes one document.
func (b *backend) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	count, err := b.DeleteMany(ctx, collection, []string{key}, now)
	if failed, ok := err.(driver.KeyErrors); ok {
		err = failed[key]
	}
	return count == 1, err
}

// DeleteMany reads what is there and removes exactly that, so that an entry
// which another puts meanwhile is not taken for the expired one that was read.
func (b *backend) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (int, error) {
	d := deleter{backend: b, index: b.layout.index(collection), collection: collection, now: now, failed: make(driver.KeyErrors)}
	for attempt := 1; len(keys) > 0; attempt++ {
		var err error
		if keys, err = d.try(ctx, keys, attempt == raceAttempts); err != nil {
			return d.count, err
		}
	}
	if len(d.failed) > 0 {
		return d.count, d.failed
	}
	return d.count, nil
}

type deleter struct {
	*backend
	index, collection string
	now               time.Time

	// repeated are the keys for which a request was sent more than once, so
	// that it may have removed what then was not there.
	repeated map[string]bool

	count  int
	failed driver.KeyErrors
}

// try removes what it finds, and returns the keys under which something else is
// by then. With force it removes that too.
func (d *deleter) try(ctx context.Context, keys []string, force bool) (again []string, err error) {
	documents, err := d.fetch(ctx, d.index, d.idsOf(d.collection, keys), headers...)
	if err != nil {
		return nil, err
	}
	var actions []action
	var found []int
	for i, key := range keys {
		switch document := &documents[i]; {
		case document.err != nil:
			d.failed[key] = document.err
		case document.found:
			found = append(found, i)
			a := action{verb: "delete", id: d.layout.id(d.collection, key), as: document}
			if force {
				a.as = nil
			}
			actions = append(actions, a)
		case d.repeated[key]:
			d.failed[key] = errUnknown
		}
	}
	var sent sending
	outcomes := d.bulk(ctx, d.index, actions, &sent)
	for n, o := range outcomes {
		key := keys[found[n]]
		switch {
		case errors.Is(o.err, driver.ErrNotSetUp): // gone with its index
		case o.conflicts():
			again = append(again, key)
		case o.err != nil:
			d.failed[key] = o.err
		case o.status == http.StatusNotFound && sent.repeated():
			d.failed[key] = errUnknown
		case o.status == http.StatusOK && d.isLive(&documents[found[n]], key):
			d.count++
		}
	}
	if sent.repeated() {
		if d.repeated == nil {
			d.repeated = make(map[string]bool)
		}
		for _, key := range again {
			d.repeated[key] = true
		}
	}
	return again, nil
}

// isLive reports whether the document is an entry that has not expired.
func (d *deleter) isLive(document *document, key string) bool {
	envelope, err := decodeHeader(document.source)
	return err == nil && envelope.Belongs(d.collection, key) && !envelope.ExpiredAt(d.now)
}
