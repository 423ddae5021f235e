package core

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// MaxDepth is how deep the objects and arrays of a value may be nested.
// Python, whose default recursion limit is 1,000, reads what is within it.
const MaxDepth = 500

// CheckKey returns nil for a legal key: any non-empty valid UTF-8 string.
// Otherwise it returns the cause of an [Error], which matches [ErrInvalidKey].
// A wrapper that changes keys checks the caller's original with it first.
func CheckKey(key string) error {
	if key == "" {
		return errEmptyKey
	}
	if !utf8.ValidString(key) {
		return errKeyEncoding
	}
	return nil
}

// CheckCollection returns nil for a legal collection: any valid UTF-8 string,
// where the empty one stands for [DefaultCollection]. Otherwise it returns
// the cause of an [Error], which matches [ErrInvalidKey].
func CheckCollection(collection string) error {
	if !utf8.ValidString(collection) {
		return errCollectionEncoding
	}
	return nil
}

// CheckValue returns nil for a legal value: one JSON object in valid UTF-8,
// nested no deeper than [MaxDepth]. Otherwise it returns the cause of an
// [Error], which matches [ErrInvalidValue] and does not repeat the value.
func CheckValue(value json.RawMessage) error {
	if err := jsonscan.Object(value, MaxDepth); err != nil {
		return invalid(ErrInvalidValue, err.Error())
	}
	return nil
}

// CheckTTL returns nil for a legal time to live: [NoTTL] or more. Otherwise it
// returns the cause of an [Error], which matches [ErrInvalidTTL].
func CheckTTL(ttl time.Duration) error {
	if ttl < 0 {
		return invalid(ErrInvalidTTL, ttl.String()+" is negative")
	}
	return nil
}

// CheckItem returns nil where key, value and time to live of the item are all
// legal, and otherwise what [CheckKey], [CheckValue] or [CheckTTL] returned
// for the first that is not.
func CheckItem(item Item) error {
	if err := CheckKey(item.Key); err != nil {
		return err
	}
	if err := CheckTTL(item.TTL); err != nil {
		return err
	}
	return CheckValue(item.Value)
}

// CheckSize returns nil where a value of size bytes is within limit, or where
// limit is zero, and otherwise the cause of an [Error], which matches
// [ErrTooLarge] and names both sizes.
func CheckSize(size, limit int) error {
	if limit <= 0 || size <= limit {
		return nil
	}
	return invalid(ErrTooLarge, strconv.Itoa(size)+" bytes exceed the limit of "+strconv.Itoa(limit))
}

var (
	errEmptyKey           = invalid(ErrInvalidKey, "empty")
	errKeyEncoding        = invalid(ErrInvalidKey, "not valid UTF-8")
	errCollectionEncoding = invalid(ErrInvalidKey, "the collection is not valid UTF-8")
)
