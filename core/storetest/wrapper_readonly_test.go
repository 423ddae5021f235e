package storetest

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// readOnly is a correct wrapper that permits no writes.
type readOnly struct {
	*observed
	silent bool
	closed atomic.Bool
}

func newReadOnly(inner core.Store, silent bool) *readOnly {
	return &readOnly{observed: newObserved(inner), silent: silent}
}

// refuse returns the error of a write.
func (r *readOnly) refuse(ctx context.Context, op, collection, key string) error {
	err := ctx.Err()
	switch {
	case err != nil:
	case r.closed.Load():
		err = core.ErrClosed
	case r.silent:
		return nil
	default:
		err = core.ErrReadOnly
	}
	return &core.Error{Op: op, Store: "read-only", Collection: collection, Key: key, Err: err}
}

func (r *readOnly) Close() error {
	r.closed.Store(true)
	return r.observed.Close()
}

func (r *readOnly) Put(ctx context.Context, collection, key string, _ json.RawMessage, _ time.Duration) error {
	return r.refuse(ctx, "put", collection, key)
}

func (r *readOnly) PutMany(ctx context.Context, collection string, _ []core.Item) error {
	return r.refuse(ctx, "put many", collection, "")
}

func (r *readOnly) Insert(ctx context.Context, collection, key string, _ json.RawMessage, _ time.Duration) (bool, error) {
	return false, r.refuse(ctx, "insert", collection, key)
}

func (r *readOnly) Delete(ctx context.Context, collection, key string) (bool, error) {
	return false, r.refuse(ctx, "delete", collection, key)
}

func (r *readOnly) DeleteMany(ctx context.Context, collection string, _ []string) (int, error) {
	return 0, r.refuse(ctx, "delete many", collection, "")
}

func (r *readOnly) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	return false, r.refuse(ctx, "destroy collection", collection, "")
}

func (r *readOnly) Destroy(ctx context.Context) error { return r.refuse(ctx, "destroy", "", "") }

func (r *readOnly) Cull(ctx context.Context) (int, error) { return 0, r.refuse(ctx, "cull", "", "") }

func (r *readOnly) Setup(ctx context.Context, _ ...string) error {
	return r.refuse(ctx, "setup", "", "")
}

func (r *readOnly) Supports(wanted core.Capability) bool {
	const refused = core.CanInsert | core.CanDestroyCollection | core.CanDestroy | core.CanCull
	return core.Supports(r.inner, wanted&^refused)
}

// readOnlyOptions describe it.
func readOnlyOptions(answer error) *WrapperOptions {
	refuses := make(map[string]error)
	for _, method := range []string{
		"Put", "PutMany", "Insert", "Delete", "DeleteMany", "DestroyCollection", "Destroy", "Cull", "Setup",
	} {
		refuses[method] = answer
	}
	return &WrapperOptions{
		Refuses: refuses,
		Capabilities: func(inner core.Capability) core.Capability {
			return inner | core.CanInsert | core.CanDestroyCollection | core.CanDestroy | core.CanCull
		},
	}
}
