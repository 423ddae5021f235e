package wrappers_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// forwardingCall is a call as testdata/wrapper_forwarding.json has it.
type forwardingCall struct {
	Op         string
	Collection string // null is what "" is in Go
	Key        string
	Keys       []string
	Value      json.RawMessage
	Values     []json.RawMessage
	TTL        *float64
}

// method is the method of core.Store that the call has become.
func (c *forwardingCall) method() string {
	return map[string]string{
		"get": "Get", "ttl": "Get", "get_many": "GetMany", "ttl_many": "GetMany", "put": "Put",
		"put_many": "PutMany", "delete": "Delete", "delete_many": "DeleteMany",
	}[c.Op]
}

func (c *forwardingCall) ttl() time.Duration {
	if c.TTL == nil {
		return core.NoTTL
	}
	return time.Duration(*c.TTL * float64(time.Second))
}

func (c *forwardingCall) keys() []string {
	if c.Key != "" {
		return []string{c.Key}
	}
	return c.Keys
}

// run makes the call, and returns whether, or how much, was deleted.
func (c *forwardingCall) run(t *testing.T, store core.Store) any {
	t.Helper()
	var answer any
	var err error
	switch c.method() {
	case "Get":
		if _, err = store.Get(t.Context(), c.Collection, c.Key); err == core.ErrNotFound {
			err = nil
		}
	case "GetMany":
		_, err = store.GetMany(t.Context(), c.Collection, c.Keys)
	case "Put":
		err = store.Put(t.Context(), c.Collection, c.Key, c.Value, c.ttl())
	case "PutMany":
		var items []core.Item
		for i, key := range c.Keys {
			items = append(items, core.Item{Key: key, Value: c.Values[i], TTL: c.ttl()})
		}
		err = store.PutMany(t.Context(), c.Collection, items)
	case "Delete":
		answer, err = store.Delete(t.Context(), c.Collection, c.Key)
	case "DeleteMany":
		var n int
		n, err = store.DeleteMany(t.Context(), c.Collection, c.Keys)
		answer = float64(n)
	}
	if err != nil {
		t.Errorf("%s: %v", c.Op, err)
	}
	return answer
}
