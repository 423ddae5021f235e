package storetest

import "testing"

func TestEqualJSON(t *testing.T) {
	for _, c := range []struct {
		a, b            string
		text, documents bool
	}{
		{`{"a":1}`, ` { "a" : 1 } `, true, true},
		{`{"a":[1,{"b":null}],"c":true}`, `{"a":[1,{"b":null}],"c":true}`, true, true},
		{`{"a":"\u00e9\/"}`, `{"a":"é/"}`, true, true},
		{`{"a":"\ud800"}`, `{"a":"\ud800"}`, true, true},
		{`{"a":"\ud800"}`, `{"a":"\ud801"}`, false, false},
		{`{"a":"\ud800"}`, `{"a":"\ufffd"}`, false, false},
		{`{"a":1,"a":2}`, `{"a":2}`, true, true},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`, false, true},
		{`{"a":1,"b":2}`, `{"b":2,"a":1}`, false, true},
		{`{"a":1}`, `{"a":1.0}`, false, true},
		{`{"a":1e2}`, `{"a":100}`, false, true},
		{`{"a":1}`, `{"a":2}`, false, false},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, false, false},
		{`{"a":9007199254740993.0}`, `{"a":9007199254740992.0}`, false, true},
		{`{"a":1}`, `{"a":"1"}`, false, false},
		{`{"a":1}`, `{"b":1}`, false, false},
		{`{"a":1}`, `{"a":1,"b":1}`, false, false},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, false, false},
		{`{"a":[]}`, `{"a":{}}`, false, false},
		{`{"a":null}`, `{}`, false, false},
		{`{"a":true}`, `{"a":false}`, false, false},
		{`{"a":1`, `{"a":1}`, false, false},
		{``, `{"a":1}`, false, false},
	} {
		if got := equalJSON([]byte(c.a), []byte(c.b), false); got != c.text {
			t.Errorf("as text, %s equals %s: %v", c.a, c.b, got)
		}
		if got := equalJSON([]byte(c.a), []byte(c.b), true); got != c.documents {
			t.Errorf("as documents, %s equals %s: %v", c.a, c.b, got)
		}
	}
}
