package wrappers_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
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

// TestPassthroughCacheForwards compares what is called below with what the
// Python library calls. It removes the copy first and writes then; here it is
// the other way round, which these cases do not see.
func TestPassthroughCacheForwards(t *testing.T) {
	text, err := os.ReadFile("testdata/wrapper_forwarding.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name       string
			Operations []struct {
				Call      forwardingCall
				Forwarded []forwardingCall
				Returned  any
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, vector := range file.Cases {
		if !strings.HasPrefix(vector.Name, "PassthroughCacheWrapper(") {
			continue
		}
		cases++
		recorder := storetest.NewRecorder(memory.NewNull())
		primary, cache := core.Store(recorder), newMemory(t)
		if strings.Contains(vector.Name, "cache=recorder") {
			primary, cache = newMemory(t), recorder
		}
		store := newCached(t, primary, wrappers.PassthroughCacheOptions{Cache: cache})
		for _, operation := range vector.Operations {
			recorder.Reset()
			answer := operation.Call.run(t, store)
			if answer != nil && answer != operation.Returned {
				t.Errorf("%s: %+v = %v, want %v", vector.Name, operation.Call, answer, operation.Returned)
			}
			calls := recorder.Calls()
			if len(calls) != len(operation.Forwarded) {
				t.Errorf("%s: %+v made %d calls, want %d", vector.Name, operation.Call, len(calls), len(operation.Forwarded))
				continue
			}
			for i, want := range operation.Forwarded {
				got, method := calls[i], want.method()
				if method == "DeleteMany" && recorder == cache && len(want.Keys) == 1 {
					method = "Delete" // a copy alone is removed alone
				}
				if got.Method != method || got.Collection != want.Collection || !slices.Equal(got.Keys, want.keys()) {
					t.Errorf("%s: %+v called %+v, want %+v", vector.Name, operation.Call, got, want)
				}
				for _, item := range got.Items {
					if item.TTL != want.ttl() {
						t.Errorf("%s: %+v wrote a time to live of %v, want %v", vector.Name, operation.Call, item.TTL, want.ttl())
					}
				}
			}
		}
	}
	if cases != 2 {
		t.Errorf("the vectors have %d cases of this wrapper, want 2", cases)
	}
}
