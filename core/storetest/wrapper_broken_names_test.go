package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// brokenRenamers are wrappers that rename and make a mistake.
var brokenRenamers = []brokenWrapper{
	{"lists keys with their prefix", "results", plainly(func(s core.Store) core.Store { return unstripped{wrapKeys(s)} }), keysOptions},
	{"forgets to translate in Insert", "keys", plainly(func(s core.Store) core.Store { return forgetsInsert{wrapKeys(s)} }), keysOptions},
	{"forgets to translate in GetAppend", "keys", plainly(func(s core.Store) core.Store { return forgetsGetAppend{wrapKeys(s)} }), keysOptions},
	{"forgets to translate in Setup", "collections", plainly(func(s core.Store) core.Store { return forgetsSetup{wrapCollections(s)} }), collectionsOptions},
	{"leaks its key in errors", "errors", plainly(func(s core.Store) core.Store { return leaksKey{wrapKeys(s)} }), keysOptions},
	{"leaks its key in the text of errors", "errors", plainly(func(s core.Store) core.Store { return leaksText{wrapKeys(s)} }), keysOptions},
	{"leaks its collection in errors", "errors", plainly(func(s core.Store) core.Store { return leaksCollection{wrapCollections(s)} }), collectionsOptions},
	{"names another operation in errors", "errors", plainly(func(s core.Store) core.Store { return namesOther{wrapKeys(s)} }), keysOptions},
	{"leaks its keys in joined errors", "partial failures", plainly(func(s core.Store) core.Store { return leaksJoined{wrapKeys(s)} }), keysOptions},
	{"makes an empty key legal", "arguments", plainly(func(s core.Store) core.Store { return takesEmptyKey{wrapKeys(s)} }), keysOptions},
	{"forgets the default collection", "default collection", plainly(func(s core.Store) core.Store { return forgetsDefault{wrapCollections(s)} }), collectionsOptions},
	{"ignores case", "distinct names", plainly(func(s core.Store) core.Store { return ignoresCase{wrapKeys(s)} }), keysOptions},
	{"takes one prefix for another", "two configurations", confusedPrefix("tenant__"), confusedOptions},
	{"destroys what is not its own", "two configurations", plainly(func(s core.Store) core.Store { return destroysAll{wrapKeys(s)} }), keysOptions},
	{"changes the caller's items", "ownership", plainly(func(s core.Store) core.Store { return changesItems{wrapKeys(s)} }), keysOptions},
	{"has Unwrap although it renames", "unwrap", plainly(func(s core.Store) core.Store { return unwraps{wrapKeys(s)} }), keysOptions},
	{"offers what needs keys without them", "supports", plainly(func(s core.Store) core.Store { return offersTooMuch{wrapKeys(s)} }), keysOptions},
}

type unstripped struct{ *prefixed }

func (u unstripped) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, u.inner, collection)
}

type forgetsInsert struct{ *prefixed }

func (f forgetsInsert) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	return core.Insert(ctx, f.inner, collection, key, value, ttl)
}

type forgetsGetAppend struct{ *prefixed }

func (f forgetsGetAppend) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return core.GetAppend(ctx, f.inner, collection, key, dst)
}

type forgetsSetup struct{ *prefixed }

func (f forgetsSetup) Setup(ctx context.Context, collections ...string) error {
	return core.Setup(ctx, f.inner, collections...)
}

type leaksKey struct{ *prefixed }

func (l leaksKey) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := l.check(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	return l.inner.Delete(ctx, collection, l.key+key)
}

type leaksText struct{ *prefixed }

func (l leaksText) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := l.prefixed.Get(ctx, collection, key)
	if e, ok := err.(*core.Error); ok {
		e.Err = fmt.Errorf("reading %s: %w", l.key+key, e.Err)
	}
	return entry, err
}

type leaksCollection struct{ *prefixed }

func (l leaksCollection) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return core.Keys(ctx, l.inner, l.in(collection))
}

type namesOther struct{ *prefixed }

func (n namesOther) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entries, err := n.GetMany(ctx, collection, []string{key})
	switch {
	case err != nil:
		return core.Entry{}, err
	case !entries[0].Found():
		return core.Entry{}, core.ErrNotFound
	}
	entries[0].Value = append(dst, entries[0].Value...)
	return entries[0], nil
}

type leaksJoined struct{ *prefixed }

func (l leaksJoined) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := l.check(ctx, "get many", collection, keys...); err != nil {
		return nil, err
	}
	return l.inner.GetMany(ctx, collection, l.keys(keys))
}

type takesEmptyKey struct{ *prefixed }

func (t takesEmptyKey) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	return t.out("put", t.inner.Put(ctx, t.in(collection), t.key+key, value, ttl), collection)
}

type forgetsDefault struct{ *prefixed }

func (f forgetsDefault) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := f.check(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	entry, err := f.inner.Get(ctx, f.collection+collection, f.key+key)
	return entry, f.out("get", err, collection)
}

type ignoresCase struct{ *prefixed }

func (i ignoresCase) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	return i.prefixed.Get(ctx, collection, strings.ToLower(key))
}

// confusedPrefix makes a wrapper whose prefix says nothing of its own length.
func confusedPrefix(prefix string) wrapFunc {
	return plainly(func(inner core.Store) core.Store {
		p := wrapKeys(inner)
		p.key = prefix
		return p
	})
}

var confusedOptions = &WrapperOptions{
	RenamesKeys:  true,
	Capabilities: keysOptions.Capabilities,
	Second:       confusedPrefix("tenant__x__"),
}

type destroysAll struct{ *prefixed }

func (d destroysAll) Destroy(ctx context.Context) error {
	if !d.Supports(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	return d.out("destroy", core.Destroy(ctx, d.inner), "")
}

type changesItems struct{ *prefixed }

func (c changesItems) PutMany(ctx context.Context, collection string, items []core.Item) error {
	keys := make([]string, len(items))
	for i := range items {
		keys[i] = items[i].Key
	}
	if err := c.check(ctx, "put many", collection, keys...); err != nil {
		return err
	}
	for i := range items {
		items[i].Key = c.key + items[i].Key
	}
	return c.out("put many", c.inner.PutMany(ctx, collection, items), collection)
}

type unwraps struct{ *prefixed }

func (u unwraps) Unwrap() core.Store { return u.inner }

type offersTooMuch struct{ *prefixed }

func (o offersTooMuch) Supports(wanted core.Capability) bool { return core.Supports(o.inner, wanted) }
