package adapters

import (
	"context"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// FiberStorage satisfies the Storage interfaces of Fiber, v2 and v3: for its
// session, cache, limiter, csrf and idempotency middlewares. Get it from
// [Bytes.Fiber].
//
// As those interfaces want it, a missing key is no bytes and no error, and an
// empty key or value is ignored. A key that the store refuses is missing too:
// keys come from cookies, and Fiber's middlewares take an error for a breakdown.
type FiberStorage struct {
	bytes   *Bytes
	timeout time.Duration
}

// Fiber returns the bytes as a storage for Fiber. The methods that take no
// context are bounded by the timeout; zero means 5 seconds.
//
// Close closes the store: give Fiber a view of core.KeepOpen of one that is
// used elsewhere too.
func (b *Bytes) Fiber(timeout time.Duration) *FiberStorage {
	return &FiberStorage{b, timeoutOr(timeout)}
}

// timeoutOr returns the timeout, or the default one.
func timeoutOr(timeout time.Duration) time.Duration {
	if timeout <= 0 {
		return 5 * time.Second
	}
	return timeout
}

// background returns the context of a method that takes none.
func background(timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), timeout)
}

// GetWithContext returns the bytes under the key, or nil.
func (f *FiberStorage) GetWithContext(ctx context.Context, key string) ([]byte, error) {
	if key == "" {
		return nil, nil
	}
	data, err := f.bytes.Get(ctx, key)
	if isMissing(err) {
		return nil, nil
	}
	return data, err
}

// Get is GetWithContext.
func (f *FiberStorage) Get(key string) ([]byte, error) {
	ctx, cancel := background(f.timeout)
	defer cancel()
	return f.GetWithContext(ctx, key)
}

// SetWithContext stores the bytes. An expiry of 0 is never.
func (f *FiberStorage) SetWithContext(ctx context.Context, key string, data []byte, expiry time.Duration) error {
	if key == "" || len(data) == 0 {
		return nil
	}
	return f.bytes.Put(ctx, key, data, expiry)
}

// Set is SetWithContext.
func (f *FiberStorage) Set(key string, data []byte, expiry time.Duration) error {
	ctx, cancel := background(f.timeout)
	defer cancel()
	return f.SetWithContext(ctx, key, data, expiry)
}

// DeleteWithContext removes the entry, if there is one.
func (f *FiberStorage) DeleteWithContext(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	return f.bytes.remove(ctx, key)
}

// Delete is DeleteWithContext.
func (f *FiberStorage) Delete(key string) error {
	ctx, cancel := background(f.timeout)
	defer cancel()
	return f.DeleteWithContext(ctx, key)
}

// ResetWithContext removes all entries of the collection. It is
// errors.ErrUnsupported where the store cannot.
func (f *FiberStorage) ResetWithContext(ctx context.Context) error { return f.bytes.Reset(ctx) }

// Reset is ResetWithContext.
func (f *FiberStorage) Reset() error {
	ctx, cancel := background(f.timeout)
	defer cancel()
	return f.ResetWithContext(ctx)
}

// Close closes the store.
func (f *FiberStorage) Close() error { return core.Close(f.bytes.store) }
