package winregistry

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// vectors are the calls that Python made to the registry.
type vectors struct {
	Cases []struct {
		Collection *string
		Key        string
		Value      json.RawMessage
		Requests   []struct {
			SetValueEx *struct {
				Key       []string
				ValueName string `json:"value_name"`
				Type      string
				Data      string
			}
		}
	}
}

// different are the names that are others here, on purpose.
var different = map[string]string{
	// Not of ASCII: Windows may take them for others.
	"café":  "~kv1~caf%c3%a9",
	"🔑 key": "~kv1~%f0%9f%94%91%20key",
	// A program that uses WindowsRegistryV1CollectionSanitizationStrategy.
	"S_my_coll-48279396": "my coll",
}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/windows_registry.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, c := range v.Cases {
		for _, request := range c.Requests {
			set := request.SetValueEx
			if set == nil {
				continue
			}
			seen++
			collection := ""
			if c.Collection != nil {
				collection = *c.Collection
			}
			collection = core.CollectionName(collection)
			path := set.Key[1]
			python := path[strings.LastIndexByte(path, '\\')+1:]
			for name, got := range map[string]string{python: keyName(collection), set.ValueName: valueName(c.Key)} {
				want, differs := different[name]
				if !differs {
					want = name
				}
				if got != want {
					t.Errorf("%q is %q here, want %q", name, got, want)
				}
			}
			if set.Type != "REG_SZ" {
				t.Errorf("Python writes a value of type %s", set.Type)
			}
			if path != DefaultPath+`\`+python && path != `Software\x\`+python {
				t.Errorf("Python's path is %q, and ours %q", path, DefaultPath)
			}
			data := appendUnits(nil, []byte(set.Data))
			units, unitsErr := stringUnits(typeString, data, 2*len(data))
			decoded, textErr := appendText(nil, units)
			entry, err := managed.DecodeAs(decoded, collection, c.Key)
			if err := errors.Join(unitsErr, textErr, err); err != nil || !sameJSON(t, entry.Value, c.Value) {
				t.Errorf("%q has %s, %v; want %s", c.Key, entry.Value, err, c.Value)
			}
		}
	}
	if seen != 8 {
		t.Errorf("there are %d entries, want 8", seen)
	}
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal(a, &x), json.Unmarshal(b, &y)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}
