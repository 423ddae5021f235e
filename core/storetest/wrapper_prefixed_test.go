package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// prefixed is a correct wrapper that renames keys, or collections, or both.
type prefixed struct {
	inner      core.Store
	collection string
	key        string
	close      func() error

	// instead is the collection for an empty one, where that is another than
	// core.DefaultCollection.
	instead string
}

// newPrefixed returns a wrapper with those prefixes, of which one may be empty.
// A prefix is preceded by its length, so that no two are confused.
func newPrefixed(inner core.Store, collection, key string) *prefixed {
	measured := func(prefix string) string {
		if prefix == "" {
			return ""
		}
		return strconv.Itoa(len(prefix)) + "=" + prefix + "__"
	}
	return &prefixed{
		inner: inner, collection: measured(collection), key: measured(key),
		close: sync.OnceValue(func() error { return core.Close(inner) }),
	}
}

// in returns a collection as it is below.
func (p *prefixed) in(collection string) string {
	if collection == "" && p.instead != "" {
		return p.instead
	}
	if p.collection == "" {
		return collection
	}
	return p.collection + core.CollectionName(collection)
}

// check refuses what must not be translated.
func (p *prefixed) check(ctx context.Context, op, collection string, keys ...string) error {
	fail := func(key string, err error) error {
		return &core.Error{Op: op, Store: "prefixed", Collection: collection, Key: key, Err: err}
	}
	if err := ctx.Err(); err != nil {
		key := ""
		if len(keys) == 1 && !strings.HasSuffix(op, "many") {
			key = keys[0]
		}
		return fail(key, err)
	}
	if err := core.CheckCollection(collection); err != nil {
		key := ""
		if len(keys) == 1 {
			key = keys[0]
		}
		return fail(key, err)
	}
	for _, key := range keys {
		if err := core.CheckKey(key); err != nil {
			return fail(key, err)
		}
	}
	return nil
}

// out gives an error the caller's names.
func (p *prefixed) out(op string, err error, collection string) error {
	return core.MapErrors(err, func(e core.Error) core.Error {
		e.Op = op
		e.Collection = collection
		e.Key = strings.TrimPrefix(e.Key, p.key)
		return e
	})
}

func (p *prefixed) keys(keys []string) []string {
	translated := make([]string, len(keys))
	for i, key := range keys {
		translated[i] = p.key + key
	}
	return translated
}

func (p *prefixed) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := p.check(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	entry, err := p.inner.Get(ctx, p.in(collection), p.key+key)
	return entry, p.out("get", err, collection)
}

func (p *prefixed) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	if err := p.check(ctx, "get", collection, key); err != nil {
		return core.Entry{}, err
	}
	entry, err := core.GetAppend(ctx, p.inner, p.in(collection), p.key+key, dst)
	return entry, p.out("get", err, collection)
}

func (p *prefixed) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := p.check(ctx, "get many", collection, keys...); err != nil {
		return nil, err
	}
	entries, err := p.inner.GetMany(ctx, p.in(collection), p.keys(keys))
	return entries, p.out("get many", err, collection)
}

func (p *prefixed) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := p.check(ctx, "put", collection, key); err != nil {
		return err
	}
	return p.out("put", p.inner.Put(ctx, p.in(collection), p.key+key, value, ttl), collection)
}

func (p *prefixed) PutMany(ctx context.Context, collection string, items []core.Item) error {
	translated := make([]core.Item, len(items))
	keys := make([]string, len(items))
	for i, item := range items {
		keys[i] = item.Key
		item.Key = p.key + item.Key
		translated[i] = item
	}
	if err := p.check(ctx, "put many", collection, keys...); err != nil {
		return err
	}
	return p.out("put many", p.inner.PutMany(ctx, p.in(collection), translated), collection)
}

func (p *prefixed) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := p.check(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	yes, err := core.Insert(ctx, p.inner, p.in(collection), p.key+key, value, ttl)
	return yes, p.out("insert", err, collection)
}

func (p *prefixed) Delete(ctx context.Context, collection, key string) (bool, error) {
	if err := p.check(ctx, "delete", collection, key); err != nil {
		return false, err
	}
	yes, err := p.inner.Delete(ctx, p.in(collection), p.key+key)
	return yes, p.out("delete", err, collection)
}

func (p *prefixed) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := p.check(ctx, "delete many", collection, keys...); err != nil {
		return 0, err
	}
	count, err := p.inner.DeleteMany(ctx, p.in(collection), p.keys(keys))
	return count, p.out("delete many", err, collection)
}

func (p *prefixed) Keys(ctx context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := p.check(ctx, "keys", collection); err != nil {
			yield("", err)
			return
		}
		p.strip("keys", core.Keys(ctx, p.inner, p.in(collection)), p.key, collection, yield)
	}
}

// strip yields the names that have the prefix, without it.
func (p *prefixed) strip(op string, names iter.Seq2[string, error], prefix, collection string, yield func(string, error) bool) {
	for name, err := range names {
		stripped, own := strings.CutPrefix(name, prefix)
		if err == nil && !own {
			continue
		}
		if !yield(stripped, p.out(op, err, collection)) {
			return
		}
	}
}

func (p *prefixed) Collections(ctx context.Context) iter.Seq2[string, error] {
	if p.key != "" && !core.Supports(p.inner, core.CanKeys|core.CanCollections) {
		return unsupportedListing
	}
	return func(yield func(string, error) bool) {
		p.strip("collections", core.Collections(ctx, p.inner), p.collection, "", func(collection string, err error) bool {
			if err != nil || p.key == "" {
				return yield(collection, err)
			}
			return p.yieldUsed(ctx, collection, yield)
		})
	}
}

// yieldUsed yields the collection if it has a key with the prefix, and what is
// wrong with the keys before that.
func (p *prefixed) yieldUsed(ctx context.Context, collection string, yield func(string, error) bool) bool {
	for _, err := range p.Keys(ctx, collection) {
		if err == nil {
			return yield(collection, nil)
		}
		if !yield("", p.out("collections", err, collection)) || !errors.Is(err, core.ErrCorrupt) {
			return false
		}
	}
	return true
}

func (p *prefixed) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if err := p.check(ctx, "destroy collection", collection); err != nil {
		return false, err
	}
	if p.key == "" {
		yes, err := core.DestroyCollection(ctx, p.inner, p.in(collection))
		return yes, p.out("destroy collection", err, collection)
	}
	var keys []string
	for key, err := range p.Keys(ctx, collection) {
		if err != nil {
			return false, p.out("destroy collection", err, collection)
		}
		keys = append(keys, key)
	}
	count, err := p.DeleteMany(ctx, collection, keys)
	return count > 0 && err == nil, p.out("destroy collection", err, collection)
}

func (p *prefixed) Destroy(ctx context.Context) error {
	if !p.Supports(core.CanDestroy) {
		return errors.ErrUnsupported
	}
	for collection, err := range p.Collections(ctx) {
		if err == nil {
			_, err = p.DestroyCollection(ctx, collection)
		}
		if err != nil {
			return p.out("destroy", err, collection)
		}
	}
	return nil
}

func (p *prefixed) Cull(ctx context.Context) (int, error) {
	count, err := core.Cull(ctx, p.inner)
	return count, p.out("cull", err, "")
}

func (p *prefixed) Setup(ctx context.Context, collections ...string) error {
	translated := make([]string, len(collections))
	for i, collection := range collections {
		if err := p.check(ctx, "setup", collection); err != nil {
			return err
		}
		translated[i] = p.in(collection)
	}
	return p.out("setup", core.Setup(ctx, p.inner, translated...), "")
}

func (p *prefixed) Ping(ctx context.Context) error { return p.out("ping", core.Ping(ctx, p.inner), "") }
func (p *prefixed) Close() error                   { return p.close() }

func (p *prefixed) Supports(wanted core.Capability) bool {
	return p.capabilities(func(c core.Capability) bool { return core.Supports(p.inner, c) }).Has(wanted)
}

// capabilities returns what the wrapper offers over a store that has some.
func (p *prefixed) capabilities(inner func(core.Capability) bool) (offered core.Capability) {
	needs := map[core.Capability]core.Capability{
		core.CanKeys: core.CanKeys, core.CanCull: core.CanCull, core.CanInsert: core.CanInsert, core.CanPing: core.CanPing,
		core.CanCollections: core.CanCollections, core.CanDestroyCollection: core.CanDestroyCollection,
		core.CanDestroy: core.CanCollections | core.CanDestroyCollection,
	}
	if p.key != "" {
		needs[core.CanCollections] = core.CanKeys | core.CanCollections
		needs[core.CanDestroyCollection] = core.CanKeys
		needs[core.CanDestroy] = core.CanKeys | core.CanCollections
	}
	for c, need := range needs {
		if inner(need) {
			offered |= c
		}
	}
	return offered
}
