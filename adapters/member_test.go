package adapters

import (
	"encoding/json"
	"testing"
)

// member agrees with package json on every object, and survives anything.
func FuzzMember(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"items":1}`, ` { "a" : [1,{"items":2}] , "items" : {"b":"}\""} } `, `{"items":1,"items":[2]}`,
		`{"\u0069tems":"x"}`, `{"items"`, `{"items":`, `[`, ``, `{"items":}`, `{"a":1}x`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, object string) {
		got, ok := member([]byte(object), "items")
		var members map[string]json.RawMessage
		if json.Unmarshal([]byte(object), &members) != nil || members == nil {
			return
		}
		want, there := members["items"]
		if ok != there || string(got) != string(want) {
			t.Errorf("%q: got %q, %t, want %q, %t", object, got, ok, want, there)
		}
	})
}
