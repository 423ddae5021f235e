package adapters

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// BytesOptions configure a [Bytes]. Nil and the zero value are valid.
type BytesOptions struct {
	// Collection is where the entries are. Empty means core.DefaultCollection.
	Collection string
}

// Bytes is a view of one collection whose values are any bytes. Each is stored
// as {"base64":"…"}, in standard base64. It is safe for concurrent use.
//
// [Bytes.Fiber], [Bytes.SCS] and [Bytes.Autocert] are views of it that satisfy
// the storage interfaces of well-known frameworks.
type Bytes struct {
	store      core.Store
	collection string
}

// NewBytes returns a view of the store. A nil store is
// [core.ErrInvalidOptions].
func NewBytes(store core.Store, options *BytesOptions) (*Bytes, error) {
	var o BytesOptions
	if options != nil {
		o = *options
	}
	switch {
	case store == nil:
		return nil, refuseOptions("bytes", "the store is nil")
	case core.CheckCollection(o.Collection) != nil:
		return nil, refuseOptions("bytes", "Collection is not valid UTF-8")
	}
	return &Bytes{store: store, collection: o.Collection}, nil
}

const (
	bytesBegin = `{"base64":"`
	bytesEnd   = `"}`
)

// Get returns the bytes under the key, or core.ErrNotFound. They are the
// caller's. A value that is no bytes is [ErrInvalidEntry].
func (b *Bytes) Get(ctx context.Context, key string) ([]byte, error) {
	buffer := takeBuffer()
	defer buffer.free()
	entry, err := core.GetAppend(ctx, b.store, b.collection, key, buffer.bytes[:0])
	if err != nil {
		return nil, err
	}
	buffer.bytes = entry.Value
	data, err := decodeBytes(entry.Value)
	if err != nil {
		return nil, &core.Error{Op: "get", Store: "bytes", Collection: b.collection, Key: key, Err: err}
	}
	return data, nil
}

// Put stores a copy of the bytes. A ttl of core.NoTTL never expires.
func (b *Bytes) Put(ctx context.Context, key string, data []byte, ttl time.Duration) error {
	buffer := takeBuffer()
	defer buffer.free()
	text := append(buffer.bytes[:0], bytesBegin...)
	text = base64.StdEncoding.AppendEncode(text, data)
	text = append(text, bytesEnd...)
	buffer.bytes = text
	return b.store.Put(ctx, b.collection, key, text, ttl)
}

// Delete removes the entry and reports whether there was one.
func (b *Bytes) Delete(ctx context.Context, key string) (bool, error) {
	return b.store.Delete(ctx, b.collection, key)
}

// isMissing reports whether there is no entry under the key, or can be none.
func isMissing(err error) bool {
	return err == core.ErrNotFound || errors.Is(err, core.ErrInvalidKey)
}

// remove is Delete for those who do not care what was there.
func (b *Bytes) remove(ctx context.Context, key string) error {
	_, err := b.Delete(ctx, key)
	if isMissing(err) {
		return nil
	}
	return err
}

// Keys ranges over the keys. See [core.Keys].
func (b *Bytes) Keys(ctx context.Context) iter.Seq2[string, error] {
	return core.Keys(ctx, b.store, b.collection)
}

// Reset removes all entries of the collection. See [core.DestroyCollection].
func (b *Bytes) Reset(ctx context.Context) error {
	_, err := core.DestroyCollection(ctx, b.store, b.collection)
	return err
}

// decodeBytes returns what the JSON object holds.
func decodeBytes(object []byte) ([]byte, error) {
	quoted := member(object, "base64")
	if len(quoted) < 2 || quoted[0] != '"' {
		return nil, fmt.Errorf(`%w: no text in the member "base64"`, ErrInvalidEntry)
	}
	text := quoted[1 : len(quoted)-1]
	data, err := base64.StdEncoding.AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(text))), text)
	if err != nil {
		var unescaped string // a database may have written / as \/
		if json.Unmarshal(quoted, &unescaped) == nil {
			data, err = base64.StdEncoding.DecodeString(unescaped)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it is not base64", ErrInvalidEntry)
	}
	return data, nil
}
