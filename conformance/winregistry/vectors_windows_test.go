package winregistry_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
)

// vectors are the calls that Python made.
type vectors struct {
	Cases []struct {
		Collection *string
		Key        string
		Value      json.RawMessage
		TTL        *float64
		Requests   []struct{ SetValueEx *setValue }
	}
}

type setValue struct {
	Key       []string
	ValueName string `json:"value_name"`
	Type      string
	Data      string
}

// Python's entries are read where Python puts them, and ours lie where Python
// looks for them and say what Python's say.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/windows_registry.json")
	must(t, err)
	var v vectors
	must(t, json.Unmarshal(text, &v))
	shared := 0
	for _, c := range v.Cases {
		store, path := newStore(t)
		collection := ""
		if c.Collection != nil {
			collection = *c.Collection
		}
		for _, request := range c.Requests {
			set := request.SetValueEx
			if set == nil {
				continue
			}
			name := set.Key[1][strings.LastIndexByte(set.Key[1], '\\')+1:]
			if different[name] {
				continue
			}
			shared++
			python, _, err := registry.CreateKey(registry.CURRENT_USER, path+`\`+name, registry.ALL_ACCESS)
			must(t, err)
			defer python.Close()
			must(t, python.SetStringValue(set.ValueName, set.Data))
			written := readAs(t, set.Data)

			// The entries were written in 2025, and some have expired.
			entry, err := store.Get(t.Context(), collection, c.Key)
			expires, _ := written["expires_at"].(string)
			switch until, _ := time.Parse(time.RFC3339, expires); {
			case expires != "" && time.Now().After(until):
				if err != core.ErrNotFound {
					t.Errorf("%q, which has expired, is %s, %v", c.Key, entry.Value, err)
				}
			case err != nil || !reflect.DeepEqual(readAs(t, string(entry.Value)), readAs(t, string(c.Value))):
				t.Errorf("%q is %s, %v; want %s", c.Key, entry.Value, err, c.Value)
			}

			ttl := time.Duration(0)
			if c.TTL != nil {
				ttl = time.Duration(*c.TTL * float64(time.Second))
			}
			must(t, store.Put(t.Context(), collection, c.Key, c.Value, ttl))
			if n := valueCount(t, path+`\`+name); n != 1 {
				t.Errorf("%q: there are %d values in Python's key, want 1", c.Key, n)
			}
			ours, valueType, err := python.GetStringValue(set.ValueName)
			if err != nil || valueType != registry.SZ {
				t.Errorf("%q: Python would not find a string: type %d, %v", c.Key, valueType, err)
				continue
			}
			sameButTimes(t, readAs(t, ours), written)
		}
	}
	if shared != 6 {
		t.Errorf("%d entries were shared, want 6", shared)
	}
}

// different are the collections that lie elsewhere here: one that is not of
// ASCII, and one of a program that uses a strategy.
var different = map[string]bool{"café": true, "S_my_coll-48279396": true}

func readAs(t *testing.T, text string) map[string]any {
	t.Helper()
	var value map[string]any
	must(t, json.Unmarshal([]byte(text), &value))
	return value
}

// sameButTimes compares envelopes. The times must be there as in Python's, and
// are now.
func sameButTimes(t *testing.T, ours, python map[string]any) {
	t.Helper()
	for _, name := range []string{"created_at", "expires_at"} {
		if _, has := ours[name]; has != (python[name] != nil) {
			t.Errorf("that there is %s is %v", name, has)
		}
		delete(ours, name)
		delete(python, name)
	}
	if !reflect.DeepEqual(ours, python) {
		t.Errorf("the envelope is %v, and Python's %v", ours, python)
	}
}
