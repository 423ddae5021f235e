package driver

import (
	"encoding/json"

	"github.com/go-keyvalue/keyvalue/core"
)

// checkCollection returns why the collection is refused, or nil.
func (s *Store) checkCollection(collection string) error {
	if err := core.CheckCollection(collection); err != nil {
		return err
	}
	return s.checkLimits(collection, "")
}

// checkName returns why the names are refused, or nil.
func (s *Store) checkName(collection, key string) error {
	if err := core.CheckCollection(collection); err != nil {
		return err
	}
	if err := core.CheckKey(key); err != nil {
		return err
	}
	return s.checkLimits(collection, key)
}

// checkLimits asks the backend about names that are legal otherwise.
func (s *Store) checkLimits(collection, key string) error {
	if s.options.CheckName == nil {
		return nil
	}
	return s.options.CheckName(core.CollectionName(collection), key)
}

// checkItem returns why the item is refused, or nil.
func (s *Store) checkItem(collection string, item core.Item) error {
	if err := s.checkName(collection, item.Key); err != nil {
		return err
	}
	if err := core.CheckTTL(item.TTL); err != nil {
		return err
	}
	return s.checkValue(item.Value)
}

func (s *Store) checkValue(value json.RawMessage) error {
	// The size first: it is cheaper than to read a value that is too large.
	if err := core.CheckSize(len(value), s.options.MaxValue); err != nil {
		return err
	}
	if err := core.CheckValue(value); err != nil {
		return err
	}
	if s.options.CheckValue == nil {
		return nil
	}
	return s.options.CheckValue(value)
}
