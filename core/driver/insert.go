package driver

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Insert stores the value where there is no live entry and reports whether it
// did. It is [errors.ErrUnsupported] where the backend is no [Inserter].
func (s *Store) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	inserter, ok := s.backend.(Inserter)
	if !ok {
		return false, errors.ErrUnsupported
	}
	if err := s.begin(ctx, "insert", collection, key); err != nil {
		return false, err
	}
	defer s.gate.leave()
	item := core.Item{Key: key, Value: value, TTL: ttl}
	if err := s.checkItem(collection, item); err != nil {
		return false, s.refuse("insert", collection, key, err)
	}
	record := s.record(collection, item, time.Now())
	confirmer, repeats := s.backend.(InsertConfirmer)
	if repeats {
		record.InsertID = rand.Text()
	}
	var inserted bool
	err := s.afterSetup(ctx, record.Collection, func() (err error) {
		inserted, err = inserter.Insert(ctx, &record)
		return err
	})
	if err == nil && !inserted && repeats {
		inserted, err = confirm(ctx, confirmer, &record)
	}
	if err != nil {
		return false, s.fail(ctx, "insert", collection, key, err)
	}
	return inserted, nil
}

// confirm reports whether the entry that stood in the way of a record is that
// very record, sent by an earlier attempt whose reply was lost.
func confirm(ctx context.Context, backend InsertConfirmer, record *Record) (bool, error) {
	id, err := backend.InsertID(ctx, record.Collection, record.Key)
	if absent(err) {
		return false, nil
	}
	return err == nil && id == record.InsertID, err
}
