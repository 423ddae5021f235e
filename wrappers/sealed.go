package wrappers

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// sealer is the codec of a wrapper that has several keys.
type sealer interface {
	codec

	// renew returns the value that is kept as stored encoded with the first
	// key, or nil where it is. What cannot be decoded is core.ErrCorrupt.
	renew(collection, key string, stored json.RawMessage) (json.RawMessage, error)
}

// sealed is what wrappers share that encrypt: recoded, with writes which keep
// out of the way of Rewrap.
type sealed struct {
	recoded
	sealer sealer
	gate   *rewrapGate
}

var _ core.Full = (*sealed)(nil)

func newSealed(name string, inner core.Store, s sealer) sealed {
	return sealed{recoded: newRecoded(name, withDefaultName(inner), s), sealer: s, gate: newRewrapGate()}
}

// itemKeys ranges over the keys of the items.
func itemKeys(items []core.Item) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, item := range items {
			if !yield(item.Key) {
				return
			}
		}
	}
}

// Put stores the value encrypted. See [core.Store].
func (s *sealed) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	name := nameOf(collection, key)
	if err := s.gate.startWrite(ctx, name); err != nil {
		return s.fail("put", collection, key, err)
	}
	defer s.gate.endWrite(name)
	return s.recoded.Put(ctx, collection, key, value, ttl)
}

// Insert stores the value encrypted, where there is none. See [core.Insert].
func (s *sealed) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	name := nameOf(collection, key)
	if err := s.gate.startWrite(ctx, name); err != nil {
		return false, s.fail("insert", collection, key, err)
	}
	defer s.gate.endWrite(name)
	return s.recoded.Insert(ctx, collection, key, value, ttl)
}

// PutMany stores the values encrypted. See [core.Store].
func (s *sealed) PutMany(ctx context.Context, collection string, items []core.Item) error {
	keys := itemKeys(items)
	if err := s.gate.startWrites(ctx, collection, keys); err != nil {
		return s.fail("put many", collection, "", err)
	}
	defer s.gate.endWrites(collection, keys)
	return s.recoded.PutMany(ctx, collection, items)
}

// Delete removes the entry. See [core.Store].
func (s *sealed) Delete(ctx context.Context, collection, key string) (bool, error) {
	name := nameOf(collection, key)
	if err := s.gate.startWrite(ctx, name); err != nil {
		return false, s.fail("delete", collection, key, err)
	}
	defer s.gate.endWrite(name)
	return s.recoded.Delete(ctx, collection, key)
}

// DeleteMany removes the entries. See [core.Store].
func (s *sealed) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	if err := s.gate.startWrites(ctx, collection, slices.Values(keys)); err != nil {
		return 0, s.fail("delete many", collection, "", err)
	}
	defer s.gate.endWrites(collection, slices.Values(keys))
	return s.recoded.DeleteMany(ctx, collection, keys)
}

// DestroyCollection removes the collection. See [core.DestroyCollection].
func (s *sealed) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	if err := s.gate.startWrite(ctx, entryName{}); err != nil {
		return false, s.fail("destroy collection", collection, "", err)
	}
	defer s.gate.endWrite(entryName{})
	return s.recoded.DestroyCollection(ctx, collection)
}

// Destroy removes everything. See [core.Destroy].
func (s *sealed) Destroy(ctx context.Context) error {
	if err := s.gate.startWrite(ctx, entryName{}); err != nil {
		return s.fail("destroy", "", "", err)
	}
	defer s.gate.endWrite(entryName{})
	return s.recoded.Destroy(ctx)
}
