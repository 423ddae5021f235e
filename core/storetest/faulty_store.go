package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// answered performs a call, or what a fault makes of it.
func answered[T any](ctx context.Context, f *Faulty, call Call, perform func() (T, error)) (T, error) {
	return struck(ctx, f.arrived(call), call, perform)
}

// struck performs a call, or what this fault makes of it, which may be nil.
func struck[T any](ctx context.Context, fault *Fault, call Call, perform func() (T, error)) (T, error) {
	var none T
	if fault == nil {
		return perform()
	}
	if fault.LoseReply {
		if _, err := perform(); err != nil {
			return none, err // it failed before there was a reply to lose
		}
	}
	if err := fault.wait(ctx, call, call.key()); err != nil {
		return none, err
	}
	if fault.fails() {
		return none, fault.failure(call, call.key())
	}
	return perform()
}

// acted performs a call that answers nothing but an error.
func acted(ctx context.Context, f *Faulty, call Call, perform func() error) error {
	_, err := answered(ctx, f, call, func() (struct{}, error) { return struct{}{}, perform() })
	return err
}

// Get passes the call on, unless a fault strikes it.
func (f *Faulty) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return answered(ctx, f, keyCall(ctx, "Get", collection, key), func() (core.Entry, error) {
		return f.store.Get(ctx, collection, key)
	})
}

// GetAppend passes the call on, unless a fault strikes it.
func (f *Faulty) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return answered(ctx, f, keyCall(ctx, "GetAppend", collection, key), func() (core.Entry, error) {
		return core.GetAppend(ctx, f.store, collection, key, dst)
	})
}

// Put passes the call on, unless a fault strikes it.
func (f *Faulty) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	return acted(ctx, f, putCall(ctx, "Put", collection, key, value, ttl), func() error {
		return f.store.Put(ctx, collection, key, value, ttl)
	})
}

// Insert passes the call on, unless a fault strikes it.
func (f *Faulty) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if !f.enabled(core.CanInsert) {
		return false, errors.ErrUnsupported
	}
	return answered(ctx, f, putCall(ctx, "Insert", collection, key, value, ttl), func() (bool, error) {
		return core.Insert(ctx, f.store, collection, key, value, ttl)
	})
}

// Delete passes the call on, unless a fault strikes it.
func (f *Faulty) Delete(ctx context.Context, collection, key string) (bool, error) {
	return answered(ctx, f, keyCall(ctx, "Delete", collection, key), func() (bool, error) {
		return f.store.Delete(ctx, collection, key)
	})
}

// DestroyCollection passes the call on, unless a fault strikes it.
func (f *Faulty) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if !f.enabled(core.CanDestroyCollection) {
		return false, errors.ErrUnsupported
	}
	return answered(ctx, f, collectionCall(ctx, "DestroyCollection", collection), func() (bool, error) {
		return core.DestroyCollection(ctx, f.store, collection)
	})
}

// Destroy passes the call on, unless a fault strikes it.
func (f *Faulty) Destroy(ctx context.Context) error {
	if !f.enabled(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	return acted(ctx, f, collectionCall(ctx, "Destroy", ""), func() error {
		return core.Destroy(ctx, f.store)
	})
}

// Cull passes the call on, unless a fault strikes it.
func (f *Faulty) Cull(ctx context.Context) (int, error) {
	if !f.enabled(core.CanCull) {
		return 0, errors.ErrUnsupported
	}
	return answered(ctx, f, collectionCall(ctx, "Cull", ""), func() (int, error) {
		return core.Cull(ctx, f.store)
	})
}

// Setup passes the call on, unless a fault strikes it.
func (f *Faulty) Setup(ctx context.Context, collections ...string) error {
	return acted(ctx, f, setupCall(ctx, collections), func() error {
		return core.Setup(ctx, f.store, collections...)
	})
}

// Ping passes the call on, unless a fault strikes it.
func (f *Faulty) Ping(ctx context.Context) error {
	if !f.enabled(core.CanPing) {
		return errors.ErrUnsupported
	}
	return acted(ctx, f, collectionCall(ctx, "Ping", ""), func() error {
		return core.Ping(ctx, f.store)
	})
}

// Close closes the store inside, unless a fault of Method "Close" strikes.
func (f *Faulty) Close() error {
	ctx := context.Background()
	return acted(ctx, f, collectionCall(ctx, "Close", ""), func() error {
		return core.Close(f.store)
	})
}
