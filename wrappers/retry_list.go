package wrappers

import (
	"context"
	"errors"
	"iter"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys is [core.Keys], tried again if it fails before the first key.
func (r *Retry) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return r.list(ctx, func() iter.Seq2[string, error] { return core.Keys(ctx, r.inner, collection) })
}

// Collections is [core.Collections], tried again if it fails before the first
// collection.
func (r *Retry) Collections(ctx context.Context) iter.Seq2[string, error] {
	return r.list(ctx, func() iter.Seq2[string, error] { return core.Collections(ctx, r.inner) })
}

func (r *Retry) list(ctx context.Context, list func() iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for attempt := 1; ; attempt++ {
			var failed error
			begun := false
			for name, err := range list() {
				// A corrupt entry is an element like any other; any other
				// error is the last.
				if err != nil && !errors.Is(err, core.ErrCorrupt) {
					failed = err
					break
				}
				begun = true
				if !yield(name, err) {
					return
				}
			}
			if failed == nil {
				return
			}
			if begun {
				yield("", counted(failed, attempt))
				return
			}
			again, err := r.again(ctx, attempt, failed)
			if !again {
				yield("", err)
				return
			}
		}
	}
}
