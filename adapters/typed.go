package adapters

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Typed is a view of one collection whose values are of type T: Go values in
// and out instead of JSON. It is safe for concurrent use.
//
// A store keeps JSON objects. A struct or a map is stored as the object that
// encoding/json makes of it; every other type, and one that has its own
// MarshalJSON or MarshalText, is stored as {"items": …}. The package
// documentation has a table. Members that T does not have are ignored.
//
// Where T or *T has a method Validate() error, it is called before a value is
// written, which then is core.ErrInvalidValue, and after it is read. What is
// read and not valid is [ErrInvalidEntry] or a miss, as the options say. The
// text of Validate's error becomes part of the error: it should not quote
// secrets. No other error holds a value.
//
// Errors are a bare core.ErrNotFound or errors.ErrUnsupported, a [core.Error],
// a join of those, or a [LoadError].
type Typed[T any] struct {
	store      core.Store
	collection string
	codec      codec[T]
	options    TypedOptions

	mutex   sync.Mutex
	flights map[string]*flight
}

// NewTyped returns a view of the store. Unknown options and a nil store are
// [core.ErrInvalidOptions].
func NewTyped[T any](store core.Store, options *TypedOptions) (*Typed[T], error) {
	var o TypedOptions
	if options != nil {
		o = *options
	}
	if store == nil {
		return nil, refuseOptions("typed", "the store is nil")
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	return &Typed[T]{
		store: store, collection: o.Collection, codec: newCodec[T](o.Shape), options: o,
		flights: make(map[string]*flight),
	}, nil
}

// Entry is a value with its times.
type Entry[T any] struct {
	Value T

	// Found reports whether there is an entry. If not, the others are zero.
	Found bool

	// CreatedAt and ExpiresAt are those of core.Entry.
	CreatedAt, ExpiresAt time.Time
}

// TTL returns the remaining time to live, and whether the entry expires at
// all. See [core.Entry].
func (e Entry[T]) TTL() (remaining time.Duration, expires bool) {
	return core.Entry{ExpiresAt: e.ExpiresAt}.TTL()
}

// fail returns the error of a call on the key.
func (t *Typed[T]) fail(op, key string, err error) error {
	return &core.Error{Op: op, Store: "typed", Collection: t.collection, Key: key, Err: err}
}

// Get returns the value under the key, or core.ErrNotFound.
func (t *Typed[T]) Get(ctx context.Context, key string) (T, error) {
	buffer := takeBuffer()
	defer buffer.free()
	entry, err := core.GetAppend(ctx, t.store, t.collection, key, buffer.bytes[:0])
	if err != nil {
		var none T
		return none, err
	}
	buffer.bytes = entry.Value
	return t.decode(ctx, "get", key, entry.Value)
}

// TTL returns the value under the key with its remaining time to live, and
// whether it expires at all; or core.ErrNotFound.
func (t *Typed[T]) TTL(ctx context.Context, key string) (value T, remaining time.Duration, expires bool, err error) {
	buffer := takeBuffer()
	defer buffer.free()
	entry, err := core.GetAppend(ctx, t.store, t.collection, key, buffer.bytes[:0])
	if err != nil {
		return value, 0, false, err
	}
	buffer.bytes = entry.Value
	if value, err = t.decode(ctx, "get", key, entry.Value); err != nil {
		return value, 0, false, err
	}
	remaining, expires = entry.TTL()
	return value, remaining, expires, nil
}

// decode returns the value that the object holds, or what the policy makes of
// an invalid one.
func (t *Typed[T]) decode(ctx context.Context, op, key string, object []byte) (T, error) {
	var value T
	err := t.codec.decode(object, &value)
	if err == nil {
		return value, nil
	}
	var none T
	return none, t.invalid(ctx, op, key, err)
}

// invalid reports an entry that is not a valid T.
func (t *Typed[T]) invalid(ctx context.Context, op, key string, err error) error {
	err = t.fail(op, key, err)
	if t.options.OnInvalid != nil {
		t.options.OnInvalid(ctx, key, err)
	}
	if t.options.Invalid == InvalidIsMiss {
		return core.ErrNotFound
	}
	return err
}

// Put stores the value under the key. A ttl of core.NoTTL never expires. A
// value that is not valid, or that is no JSON object where one is due, such as
// a nil map, is core.ErrInvalidValue.
func (t *Typed[T]) Put(ctx context.Context, key string, value T, ttl time.Duration) error {
	object, err := t.codec.encode(&value)
	if err != nil {
		return t.fail("put", key, err)
	}
	return t.store.Put(ctx, t.collection, key, object, ttl)
}

// Insert stores the value where there is none, and reports whether it did. See
// [core.Insert].
func (t *Typed[T]) Insert(ctx context.Context, key string, value T, ttl time.Duration) (bool, error) {
	object, err := t.codec.encode(&value)
	if err != nil {
		return false, t.fail("insert", key, err)
	}
	return core.Insert(ctx, t.store, t.collection, key, object, ttl)
}

// Delete removes the entry and reports whether there was one.
func (t *Typed[T]) Delete(ctx context.Context, key string) (bool, error) {
	return t.store.Delete(ctx, t.collection, key)
}

// DeleteMany removes the entries and returns how many there were.
func (t *Typed[T]) DeleteMany(ctx context.Context, keys []string) (int, error) {
	return t.store.DeleteMany(ctx, t.collection, keys)
}

// Keys ranges over the keys, those of invalid values too. See [core.Keys].
func (t *Typed[T]) Keys(ctx context.Context) iter.Seq2[string, error] {
	return core.Keys(ctx, t.store, t.collection)
}

// Toucher is implemented by stores that can give an entry another time to live
// at once, without writing its value.
type Toucher interface {
	// Touch sets the time to live of the entry, and reports whether there
	// was a live one.
	Touch(ctx context.Context, collection, key string, ttl time.Duration) (bool, error)
}

// Touch gives the entry another time to live, and reports whether there was
// one. The store must be a [Toucher]; otherwise the error is
// errors.ErrUnsupported, as to read and to write could undo another write.
func (t *Typed[T]) Touch(ctx context.Context, key string, ttl time.Duration) (bool, error) {
	toucher, ok := t.store.(Toucher)
	if !ok {
		return false, errors.ErrUnsupported
	}
	return toucher.Touch(ctx, t.collection, key, ttl)
}
