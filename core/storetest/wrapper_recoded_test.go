package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// recoded is a correct wrapper that keeps values in another form.
type recoded struct{ *observed }

func newRecoded(inner core.Store) *recoded { return &recoded{newObserved(inner)} }

func encode(value json.RawMessage) json.RawMessage {
	text, _ := json.Marshal(map[string][]byte{"encoded": value})
	return text
}

func decode(value json.RawMessage) (json.RawMessage, error) {
	var envelope struct{ Encoded []byte }
	if err := json.Unmarshal(value, &envelope); err != nil || envelope.Encoded == nil {
		return nil, fmt.Errorf("%w: not encoded", core.ErrCorrupt)
	}
	return envelope.Encoded, nil
}

func recodeError(op, collection, key string, err error) error {
	return &core.Error{Op: op, Store: "recoded", Collection: collection, Key: key, Err: err}
}

func (r *recoded) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	entry, err := r.inner.Get(ctx, collection, key)
	if err != nil {
		return core.Entry{}, err
	}
	if entry.Value, err = decode(entry.Value); err != nil {
		return core.Entry{}, recodeError("get", collection, key, err)
	}
	return entry, nil
}

func (r *recoded) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := r.Get(ctx, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

func (r *recoded) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	found, err := r.inner.GetMany(ctx, collection, keys)
	if found == nil {
		return nil, err
	}
	errs := []error{err}
	entries := make([]core.Entry, len(found))
	for i, entry := range found {
		if !entry.Found() {
			continue
		}
		value, err := decode(entry.Value)
		if err != nil {
			errs = append(errs, recodeError("get many", collection, keys[i], err))
			continue
		}
		entries[i] = entry
		entries[i].Value = value
	}
	return entries, errors.Join(errs...)
}

// check refuses what must not be encoded.
func (r *recoded) check(ctx context.Context, op, collection string, bulk bool, items ...core.Item) error {
	named := ""
	if !bulk {
		named = items[0].Key
	}
	if err := ctx.Err(); err != nil {
		return recodeError(op, collection, named, err)
	}
	if err := core.CheckCollection(collection); err != nil {
		return recodeError(op, collection, named, err)
	}
	for _, item := range items {
		if err := core.CheckItem(item); err != nil {
			return recodeError(op, collection, item.Key, err)
		}
	}
	return nil
}

func (r *recoded) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	if err := r.check(ctx, "put", collection, false, core.Item{Key: key, Value: value, TTL: ttl}); err != nil {
		return err
	}
	return r.inner.Put(ctx, collection, key, encode(value), ttl)
}

func (r *recoded) PutMany(ctx context.Context, collection string, items []core.Item) error {
	if err := r.check(ctx, "put many", collection, true, items...); err != nil {
		return err
	}
	encoded := make([]core.Item, len(items))
	for i, item := range items {
		encoded[i] = core.Item{Key: item.Key, Value: encode(item.Value), TTL: item.TTL}
	}
	return r.inner.PutMany(ctx, collection, encoded)
}

func (r *recoded) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	if err := r.check(ctx, "insert", collection, false, core.Item{Key: key, Value: value, TTL: ttl}); err != nil {
		return false, err
	}
	return core.Insert(ctx, r.inner, collection, key, encode(value), ttl)
}
