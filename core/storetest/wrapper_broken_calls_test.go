package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// brokenForwarders are wrappers that change no names and make a mistake.
var brokenForwarders = []brokenWrapper{
	{"answers Ping itself", "forwarding", plainly(func(s core.Store) core.Store { return answersPing{newTransparent(s)} }), transparentOptions},
	{"forgets to encode in Insert", "values", plainly(func(s core.Store) core.Store { return plainInsert{newRecoded(s)} }), recodedOptions},
	{"forgets to decode in GetAppend", "results", plainly(func(s core.Store) core.Store { return plainGetAppend{newRecoded(s)} }), recodedOptions},
	{"changes values in secret", "values", plainly(newRecoded), &WrapperOptions{}},
	{"forgets the time to live", "times to live", plainly(func(s core.Store) core.Store { return forgetsTTL{newTransparent(s)} }), transparentOptions},
	{"does not clamp", "times to live", plainly(newObserved), &WrapperOptions{ChangesTTLs: true}},
	{"writes over the buffer", "results", plainly(func(s core.Store) core.Store { return writesOver{newTransparent(s)} }), transparentOptions},
	{"turns the batch round", "results", plainly(func(s core.Store) core.Store { return turnsRound{newTransparent(s)} }), transparentOptions},
	{"wraps ErrNotFound", "not found", plainly(func(s core.Store) core.Store { return wrapsNotFound{newTransparent(s)} }), transparentOptions},
	{"takes an error for a miss", "errors", plainly(func(s core.Store) core.Store { return takesForMiss{newTransparent(s)} }), transparentOptions},
	{"wraps outside of core.Error", "errors", plainly(func(s core.Store) core.Store { return wrapsOutside{newTransparent(s)} }), transparentOptions},
	{"makes new errors", "errors", plainly(func(s core.Store) core.Store { return makesNew{newTransparent(s)} }), transparentOptions},
	{"answers beside an error", "errors", plainly(func(s core.Store) core.Store { return answersBeside{newTransparent(s)} }), transparentOptions},
	{"loses all but one of the joined", "partial failures", plainly(func(s core.Store) core.Store { return losesJoin{newTransparent(s)} }), transparentOptions},
	{"drops what could be read", "partial failures", plainly(func(s core.Store) core.Store { return dropsRead{newTransparent(s)} }), transparentOptions},
	{"claims every capability", "supports", plainly(func(s core.Store) core.Store { return claims{newTransparent(s), core.CanAll} }), transparentOptions},
	{"claims no capability", "supports", plainly(func(s core.Store) core.Store { return claims{newTransparent(s), 0} }), transparentOptions},
	{"wraps ErrUnsupported", "supports", plainly(func(s core.Store) core.Store { return wrapsUnsupported{newTransparent(s)} }), transparentOptions},
	{"fans a batch out", "bulk", plainly(func(s core.Store) core.Store { return fansOut{newTransparent(s)} }), transparentOptions},
	{"reads before it writes", "bulk", plainly(func(s core.Store) core.Store { return readsFirst{newTransparent(s)} }), transparentOptions},
	{"does not look at the context of nothing", "empty batch", plainly(func(s core.Store) core.Store { return skipsEmpty{newTransparent(s)} }), transparentOptions},
	{"writes part of a bad batch", "arguments", plainly(func(s core.Store) core.Store { return writesPart{newTransparent(s)} }), transparentOptions},
	{"encodes what is no value", "arguments", plainly(func(s core.Store) core.Store { return encodesAnything{newRecoded(s)} }), recodedOptions},
	{"works without its context", "contexts", plainly(func(s core.Store) core.Store { return detaches{newTransparent(s), false} }), impatient(transparentOptions)},
	{"waits for the store inside", "cancellation", plainly(func(s core.Store) core.Store { return detaches{newTransparent(s), true} }), impatient(transparentOptions)},
	{"changes the caller's keys", "ownership", plainly(func(s core.Store) core.Store { return sortsKeys{newTransparent(s)} }), transparentOptions},
	{"changes what it was answered", "ownership", plainly(func(s core.Store) core.Store { return decodesInPlace{newObserved(s)} }), &WrapperOptions{}},
	{"caches the caller's slice", "ownership", plainly(func(s core.Store) core.Store { return &keeps{observed: newObserved(s)} }), &WrapperOptions{InnerCalls: cacheCalls}},
	{"hides what it cannot decode", "undecodable", plainly(func(s core.Store) core.Store { return hidesCorrupt{newRecoded(s)} }), recodedOptions},
	{"repeats Insert", "lost insert", plainly(func(s core.Store) core.Store { return repeatsInsert{newTransparent(s)} }), transparentOptions},
	{"serves one caller at a time", "concurrency", plainly(func(s core.Store) core.Store { return &oneAtATime{transparent: newTransparent(s)} }), transparentOptions},
}

type answersPing struct{ transparent }

func (answersPing) Ping(ctx context.Context) error { return ctx.Err() }

type plainInsert struct{ *recoded }

func (p plainInsert) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	return core.Insert(ctx, p.inner, collection, key, value, ttl)
}

type plainGetAppend struct{ *recoded }

func (p plainGetAppend) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return core.GetAppend(ctx, p.inner, collection, key, dst)
}

type forgetsTTL struct{ transparent }

func (f forgetsTTL) PutMany(ctx context.Context, collection string, items []core.Item) error {
	items = slices.Clone(items)
	for i := range items {
		items[i].TTL = core.NoTTL
	}
	return f.inner.PutMany(ctx, collection, items)
}

type writesOver struct{ transparent }

func (w writesOver) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return core.GetAppend(ctx, w.inner, collection, key, dst[:0])
}

type turnsRound struct{ transparent }

func (t turnsRound) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := t.inner.GetMany(ctx, collection, keys)
	slices.Reverse(entries)
	return entries, err
}

type wrapsNotFound struct{ transparent }

func (w wrapsNotFound) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := w.inner.Get(ctx, collection, key)
	if err == core.ErrNotFound {
		err = recodeError("get", collection, key, err)
	}
	return entry, err
}

type takesForMiss struct{ transparent }

func (t takesForMiss) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := t.inner.Get(ctx, collection, key)
	if err != nil {
		err = core.ErrNotFound
	}
	return entry, err
}

type wrapsOutside struct{ transparent }

func (w wrapsOutside) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := w.inner.Put(ctx, collection, key, value, ttl); err != nil {
		return fmt.Errorf("logging: %w", err)
	}
	return nil
}

type makesNew struct{ transparent }

func (m makesNew) Cull(ctx context.Context) (int, error) {
	count, err := core.Cull(ctx, m.inner)
	if err != nil && err != errors.ErrUnsupported {
		err = recodeError("cull", "", "", errors.New("failed"))
	}
	return count, err
}

type answersBeside struct{ transparent }

func (a answersBeside) Delete(ctx context.Context, collection, key string) (bool, error) {
	_, err := a.inner.Delete(ctx, collection, key)
	return true, err
}

type losesJoin struct{ transparent }

func (l losesJoin) PutMany(ctx context.Context, collection string, items []core.Item) error {
	err := l.inner.PutMany(ctx, collection, items)
	if err != nil {
		return recodeError("put many", collection, "", err)
	}
	return nil
}

type dropsRead struct{ transparent }

func (d dropsRead) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries, err := d.inner.GetMany(ctx, collection, keys)
	if err != nil {
		return nil, err
	}
	return entries, nil
}

type claims struct {
	transparent
	capabilities core.Capability
}

func (c claims) Supports(wanted core.Capability) bool { return c.capabilities.Has(wanted) }

type wrapsUnsupported struct{ transparent }

func (w wrapsUnsupported) Destroy(ctx context.Context) error {
	if err := core.Destroy(ctx, w.inner); err != nil {
		return recodeError("destroy", "", "", err)
	}
	return nil
}

type fansOut struct{ transparent }

func (f fansOut) DeleteMany(ctx context.Context, collection string, keys []string) (count int, err error) {
	for _, key := range keys {
		yes, failed := f.inner.Delete(ctx, collection, key)
		err = errors.Join(err, failed)
		if yes {
			count++
		}
	}
	return count, err
}

type readsFirst struct{ transparent }

func (r readsFirst) Delete(ctx context.Context, collection, key string) (bool, error) {
	if _, err := r.inner.Get(ctx, collection, key); err == core.ErrNotFound {
		return false, nil
	}
	return r.inner.Delete(ctx, collection, key)
}

type skipsEmpty struct{ transparent }

func (s skipsEmpty) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if len(items) == 0 {
		return nil
	}
	return s.inner.PutMany(ctx, collection, items)
}

type writesPart struct{ transparent }

func (w writesPart) PutMany(ctx context.Context, collection string, items []core.Item) error {
	var errs []error
	for _, item := range items {
		errs = append(errs, w.inner.Put(ctx, collection, item.Key, item.Value, item.TTL))
	}
	return errors.Join(errs...)
}

type encodesAnything struct{ *recoded }

func (e encodesAnything) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	return e.inner.Put(ctx, collection, key, encode(value), ttl)
}

// detaches calls the store inside with a context that is never done.
type detaches struct {
	transparent
	looks bool // it looks at the context first
}

func (d detaches) Delete(ctx context.Context, collection, key string) (bool, error) {
	if d.looks && ctx.Err() != nil {
		return d.inner.Delete(ctx, collection, key)
	}
	return d.inner.Delete(context.WithoutCancel(ctx), collection, key)
}

type sortsKeys struct{ transparent }

func (s sortsKeys) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	slices.Sort(keys)
	return s.inner.DeleteMany(ctx, collection, keys)
}

type decodesInPlace struct{ *observed }

func (d decodesInPlace) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := d.inner.Get(ctx, collection, key)
	for i, b := range entry.Value {
		if b == ':' {
			entry.Value[i] = ' '
		}
	}
	return entry, err
}

// keeps is a cache that hands out what it keeps.
type keeps struct {
	*observed
	mutex   sync.Mutex
	entries map[string]core.Entry
}

func cacheCalls(method string) (least, most int) {
	if method == "Get" || method == "GetAppend" || method == "GetMany" {
		return 0, 1
	}
	return 1, 1
}

func (k *keeps) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if entry, ok := k.entries[collection+"/"+key]; ok {
		return entry, nil
	}
	entry, err := k.inner.Get(ctx, collection, key)
	if err == nil {
		k.entries = map[string]core.Entry{collection + "/" + key: entry}
	}
	return entry, err
}

type hidesCorrupt struct{ *recoded }

func (h hidesCorrupt) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := h.recoded.Get(ctx, collection, key)
	if errors.Is(err, core.ErrCorrupt) {
		return core.Entry{}, core.ErrNotFound
	}
	return entry, err
}

type repeatsInsert struct{ transparent }

func (r repeatsInsert) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	yes, err := core.Insert(ctx, r.inner, collection, key, value, ttl)
	if err != nil {
		return core.Insert(ctx, r.inner, collection, key, value, ttl)
	}
	return yes, nil
}

type oneAtATime struct {
	transparent
	busy sync.Mutex
}

func (o *oneAtATime) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if !o.busy.TryLock() {
		return recodeError("put", collection, key, errors.New("busy"))
	}
	defer o.busy.Unlock()
	time.Sleep(time.Millisecond)
	return o.inner.Put(ctx, collection, key, value, ttl)
}
