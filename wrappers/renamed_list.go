package wrappers

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// destroyPage is how many keys are deleted at once where a collection below is
// shared with others.
const destroyPage = 1000

var _ core.Full = (*renamed)(nil)

// Supports reports whether the wrapper has every capability of the set, which
// depends on what the store inside can do.
func (r *renamed) Supports(wanted core.Capability) bool {
	for single := range wanted.Each {
		if !core.Supports(r.inner, r.naming.needs(single)) {
			return false
		}
	}
	return true
}

// unsupported is a listing of a store that cannot list.
func unsupported(yield func(string, error) bool) { yield("", errors.ErrUnsupported) }

// Keys ranges over the keys of the collection under the caller's names. See
// [core.Keys].
func (r *renamed) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	if !r.Supports(core.CanKeys) {
		return unsupported
	}
	return func(yield func(string, error) bool) {
		if err := r.checkCollection(ctx, "keys", collection); err != nil {
			yield("", err)
			return
		}
		inner, head := r.naming.place(collection)
		for key, err := range core.Keys(ctx, r.inner, inner) {
			if err != nil {
				if !yield("", r.restore(err, collection, head)) {
					return
				}
				continue
			}
			if own, ok := strings.CutPrefix(key, head); ok && own != "" && !yield(own, nil) {
				return
			}
		}
	}
}

// Collections ranges over the caller's collections. See [core.Collections].
func (r *renamed) Collections(ctx context.Context) iter.Seq2[string, error] {
	if !r.Supports(core.CanCollections) {
		return unsupported
	}
	return func(yield func(string, error) bool) {
		if err := r.check(ctx, "collections", "", ""); err != nil {
			yield("", err)
			return
		}
		r.naming.collections(ctx, r)(yield)
	}
}

// DestroyCollection removes what the caller has in the collection, and nothing
// of others. See [core.DestroyCollection].
func (r *renamed) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	const op = "destroy collection"
	if !r.Supports(core.CanDestroyCollection) {
		return false, errors.ErrUnsupported
	}
	if err := r.checkCollection(ctx, op, collection); err != nil {
		return false, err
	}
	inner, head := r.naming.place(collection)
	if head == "" {
		destroyed, err := core.DestroyCollection(ctx, r.inner, inner)
		return destroyed, r.restore(err, collection, head)
	}
	deleted, errs := 0, []error(nil)
	page := make([]string, 0, destroyPage)
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		n, err := r.DeleteMany(ctx, collection, page)
		deleted += n
		page = page[:0]
		return err
	}
	for key, err := range r.Keys(ctx, collection) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if page = append(page, key); len(page) == destroyPage {
			if err := flush(); err != nil {
				errs = append(errs, err)
				break
			}
		}
	}
	if err := flush(); err != nil {
		errs = append(errs, err)
	}
	return deleted > 0 && len(errs) == 0, renameOp(joinErrors(errs), op, collection)
}

// renameOp gives an error the operation that the caller called.
func renameOp(err error, op, collection string) error {
	return core.MapErrors(err, func(e core.Error) core.Error {
		e.Op, e.Collection = op, collection
		return e
	})
}

// Destroy removes what the caller has in any collection, and nothing of
// others. See [core.Destroy].
func (r *renamed) Destroy(ctx context.Context) error {
	if !r.Supports(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	if err := r.check(ctx, "destroy", "", ""); err != nil {
		return err
	}
	var errs []error
	for collection, err := range r.Collections(ctx) {
		if err == nil {
			_, err = r.DestroyCollection(ctx, collection)
		}
		if err != nil {
			errs = append(errs, renameOp(err, "destroy", collection))
		}
	}
	return joinErrors(errs)
}
