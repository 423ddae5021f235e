package managed_test

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// collect returns the members, the last of each name.
func collect(object string) (map[string]string, error) {
	members := make(map[string]string)
	err := managed.Members([]byte(object), func(name []byte, value json.RawMessage) {
		members[string(name)] = string(value)
	})
	return members, err
}

func TestMembers(t *testing.T) {
	for object, want := range map[string]map[string]string{
		`{}`:                                    {},
		` { "a" : [1,{"b":2}] , "c" : "}\"" } `: {"a": `[1,{"b":2}]`, "c": `"}\""`},
		`{"a":1,"a":2}`:                         {"a": `2`},
		`{"\u0061\n":null,"":true}`:             {"a\n": `null`, "": `true`},
	} {
		if got, err := collect(object); err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: got %q, %v", object, got, err)
		}
	}
	for _, object := range []string{``, `[]`, `{`, `{"a"`, `{"a":`, `{"a":}`, `{"a":1`, `{"a":1}x`, `{"a":1,}`, `null`} {
		if _, err := collect(object); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("%s: %v", object, err)
		}
	}
}

// Members agrees with package json on every object.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"items":1}`, ` { "a" : [1,{"items":2}] , "items" : {"b":"}\""} } `, `{"items":1,"items":[2]}`,
		`{"\u0069tems":"x"}`, `{"items"`, `{"items":`, `[`, ``, `{"items":}`, `{"a":1}x`, `{"\ud83d\ude00":1}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, object string) {
		got, err := collect(object)
		if core.CheckValue(json.RawMessage(object)) != nil {
			return // beyond what a value may be, package json and this one differ
		}
		if err != nil {
			t.Fatalf("%q: %v", object, err)
		}
		for name := range got {
			if !utf8.ValidString(name) {
				return // a lone surrogate, for which package json has another character
			}
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(object), &want); err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %q, want %q", object, got, want)
		}
		for name, value := range want {
			if got[name] != string(value) {
				t.Errorf("%q: %q is %s, want %s", object, name, got[name], value)
			}
		}
	})
}
