package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Call is one call of a method of a store, as a [Recorder] saw it arrive and
// as [Fault.Match] is shown it. It shares no memory with the caller.
type Call struct {
	// Method is the name of the method, such as "Get" or "PutMany".
	Method string

	// Collection is the collection as it was given, possibly empty.
	Collection string

	// Keys are the keys that the call names, in its order: one for Get, none
	// for Ping, those of the items for PutMany.
	Keys []string

	// Items is what the call would write: one for Put and Insert.
	Items []core.Item

	// Collections are the collections given to Setup.
	Collections []string

	// Done says that the context was done already when the call arrived.
	Done bool
}

// collectionCall describes a call that names a collection at most.
func collectionCall(ctx context.Context, method, collection string) Call {
	return Call{Method: method, Collection: collection, Done: ctx.Err() != nil}
}

// keyCall describes a call that names keys.
func keyCall(ctx context.Context, method, collection string, keys ...string) Call {
	call := collectionCall(ctx, method, collection)
	call.Keys = slices.Clone(keys)
	return call
}

// putCall describes a call that writes one value.
func putCall(ctx context.Context, method, collection, key string, value json.RawMessage, ttl time.Duration) Call {
	return itemCall(ctx, method, collection, []core.Item{{Key: key, Value: value, TTL: ttl}})
}

// itemCall describes a call that writes.
func itemCall(ctx context.Context, method, collection string, items []core.Item) Call {
	call := collectionCall(ctx, method, collection)
	call.Items = slices.Clone(items)
	for i := range call.Items {
		call.Items[i].Value = bytes.Clone(items[i].Value)
		call.Keys = append(call.Keys, items[i].Key)
	}
	return call
}

// setupCall describes a call of Setup.
func setupCall(ctx context.Context, collections []string) Call {
	call := collectionCall(ctx, "Setup", "")
	call.Collections = slices.Clone(collections)
	return call
}

// operations are the names that errors have for the methods: [core.Error].Op.
var operations = map[string]string{
	"Get": "get", "GetAppend": "get", "GetMany": "get many",
	"Put": "put", "PutMany": "put many", "Insert": "insert",
	"Delete": "delete", "DeleteMany": "delete many",
	"Keys": "keys", "Collections": "collections",
	"DestroyCollection": "destroy collection", "Destroy": "destroy",
	"Cull": "cull", "Setup": "setup", "Ping": "ping", "Close": "close",
}

// single reports whether the call is of a method that takes one key.
func (c Call) single() bool {
	switch c.Method {
	case "Get", "GetAppend", "Put", "Delete", "Insert":
		return true
	}
	return false
}

// key returns the key of a call that takes one, and nothing otherwise.
func (c Call) key() string {
	if c.single() {
		return c.Keys[0]
	}
	return ""
}
