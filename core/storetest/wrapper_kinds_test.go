package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// goodKinds are correct wrappers of further kinds: they show that the options
// suffice to describe them.
var goodKinds = []struct {
	name    string
	wrap    wrapFunc
	options *WrapperOptions
}{
	{"bounded time to live", plainly(func(s core.Store) core.Store { return clamped{newObserved(s)} }), &WrapperOptions{ChangesTTLs: true}},
	{"default value", plainly(func(s core.Store) core.Store { return defaulted{newObserved(s)} }), &WrapperOptions{DefaultValue: defaultValue}},
	{"default collection", plainly(func(s core.Store) core.Store {
		p := newPrefixed(s, "", "")
		p.instead = "sessions"
		return p
	}), &WrapperOptions{DefaultCollection: "sessions", Capabilities: offeredBy(newPrefixed(nil, "", ""))}},
	{"retry", plainly(func(s core.Store) core.Store { return retried{newTransparent(s)} }), &WrapperOptions{Transparent: true, FakeClock: true}},
	{"fallback", plainly(func(s core.Store) core.Store { return newFallback(s, newBase()) }), &WrapperOptions{
		Both: func(_ *testing.T, first, second core.Store) core.Store { return newFallback(first, second) },
		Skip: map[string]string{
			"errors/Get": "the second store answers", "errors/GetMany": "the second store answers",
			"partial failures/GetMany": "the second store answers",
		},
	}},
	{"cache", plainly(func(s core.Store) core.Store { return newCached(s, newBase()) }), &WrapperOptions{
		InnerCalls: cacheCalls,
		Both:       func(_ *testing.T, first, second core.Store) core.Store { return newCached(first, second) },
	}},
}

func TestGoodKinds(t *testing.T) {
	for _, good := range goodKinds {
		t.Run(good.name, func(t *testing.T) { RunWrapper(t, good.wrap, good.options) })
	}
}

// clamped lets nothing live for longer than an hour.
type clamped struct{ *observed }

func (c clamped) clamp(op, collection, key string, ttl time.Duration) (time.Duration, error) {
	if err := core.CheckTTL(ttl); err != nil {
		return 0, recodeError(op, collection, key, err)
	}
	if ttl == core.NoTTL {
		return time.Hour, nil
	}
	return min(ttl, time.Hour), nil
}

func (c clamped) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	ttl, err := c.clamp("put", collection, key, ttl)
	if err != nil {
		return err
	}
	return c.inner.Put(ctx, collection, key, value, ttl)
}

func (c clamped) PutMany(ctx context.Context, collection string, items []core.Item) error {
	items = slices.Clone(items)
	for i := range items {
		var err error
		if items[i].TTL, err = c.clamp("put many", collection, items[i].Key, items[i].TTL); err != nil {
			return err
		}
	}
	return c.inner.PutMany(ctx, collection, items)
}

func (c clamped) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	ttl, err := c.clamp("insert", collection, key, ttl)
	if err != nil {
		return false, err
	}
	return core.Insert(ctx, c.inner, collection, key, value, ttl)
}

// defaulted answers a value where there is none.
type defaulted struct{ *observed }

var defaultValue = json.RawMessage(`{"default":true}`)

func (d defaulted) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := d.inner.Get(ctx, collection, key)
	if err == core.ErrNotFound {
		return core.Entry{Value: bytes.Clone(defaultValue)}, nil
	}
	return entry, err
}

func (d defaulted) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := core.GetAppend(ctx, d.inner, collection, key, dst)
	if err == core.ErrNotFound {
		return core.Entry{Value: append(dst, defaultValue...)}, nil
	}
	return entry, err
}

func (d defaulted) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	found, err := d.inner.GetMany(ctx, collection, keys)
	failed := core.FailedKeys(err)
	entries := slices.Clone(found)
	for i := range entries {
		if !entries[i].Found() && !slices.Contains(failed, keys[i]) {
			entries[i].Value = bytes.Clone(defaultValue)
		}
	}
	return entries, err
}

// retried tries a Get three times.
type retried struct{ transparent }

func (r retried) Get(ctx context.Context, collection, key string) (entry core.Entry, err error) {
	for attempt := 1; ; attempt++ {
		entry, err = r.inner.Get(ctx, collection, key)
		if err == nil || err == core.ErrNotFound || errors.Is(err, core.ErrInvalidKey) || attempt == 3 {
			break
		}
		select {
		case <-time.After(time.Minute):
			continue
		case <-ctx.Done():
		}
		break
	}
	return entry, core.MapErrors(err, func(e core.Error) core.Error { e.Attempts = 3; return e })
}

// fallback reads from a second store when the first fails.
type fallback struct {
	*observed
	second core.Store
}

func newFallback(first, second core.Store) *fallback {
	f := &fallback{newObserved(first), second}
	f.close = joinedClose(first, second)
	return f
}

func (f *fallback) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := f.inner.Get(ctx, collection, key)
	if err != nil && err != core.ErrNotFound && ctx.Err() == nil {
		return f.second.Get(ctx, collection, key)
	}
	return entry, err
}

func (f *fallback) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := f.inner.GetMany(ctx, collection, keys)
	if err != nil && ctx.Err() == nil {
		return f.second.GetMany(ctx, collection, keys)
	}
	return entries, err
}
