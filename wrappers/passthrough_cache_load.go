package wrappers

import (
	"context"
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

// load reads the primary.
func (c *PassthroughCache) load(b *cacheBatch) {
	ctx := b.ctx
	if b.refresh {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, refreshPatience)
		defer cancel()
	}
	defer func() { b.loaded = b.loaded || b.err != nil }()
	if b.op == "get" {
		f := b.flights[0]
		f.entry, f.err = c.primary.Get(ctx, b.collection, f.key)
		if f.err == core.ErrNotFound {
			f.entry, f.err = core.Entry{}, nil
		}
		b.loaded = true
		return
	}
	keys := make([]string, len(b.flights))
	for i, f := range b.flights {
		keys[i] = f.key
	}
	entries, err := c.primary.GetMany(ctx, b.collection, keys)
	if len(entries) != len(keys) {
		if b.err = err; err == nil {
			b.err = c.fail(b.op, b.collection, "", errShortAnswer)
		}
		return
	}
	var failed map[string][]error
	if err != nil {
		failed = errorsByKey(err)
	}
	for i, f := range b.flights {
		f.entry, f.err = entries[i], joinErrors(failed[f.key])
		if err != nil && len(failed) == 0 && !f.entry.Found() {
			f.err = err // it does not say of which key it speaks
		}
	}
	b.loaded = true
}

// errShortAnswer says that a store broke its promise of one entry for each key.
var errShortAnswer = errors.New("the primary did not answer every key")

// errorsByKey takes the error of a bulk call apart.
func errorsByKey(err error) map[string][]error {
	byKey := make(map[string][]error)
	for e := range core.Errors(err) {
		if e.Key != "" {
			byKey[e.Key] = append(byKey[e.Key], e)
		}
	}
	return byKey
}
