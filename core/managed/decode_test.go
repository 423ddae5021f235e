package managed

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// TestDecodeForms has the forms that are read besides those of the vectors.
func TestDecodeForms(t *testing.T) {
	day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, text, value  string
		created, expires   time.Time
		collection, key    string
		hasCollection, has bool
		insertID           string
	}{
		{
			name: "all members in another order",
			text: `{"version":1,"value":{"a":1},"key":"k","insert_id":"i","expires_at":"2025-01-01","collection":"c","created_at":"2025-01-01T00:00:00Z"}`,

			value: `{"a":1}`, created: day, expires: day,
			collection: "c", hasCollection: true, key: "k", has: true, insertID: "i",
		},
		{
			name: "space everywhere", text: "\n{ \"key\" :\t\"k\" , \"value\" : { \"a\" : 1 } }\r\n",
			value: `{ "a" : 1 }`, key: "k", has: true,
		},
		{
			name: "escaped member names", text: `{"val\u0075e":{},"\u006b\u0065\u0079":"k","\u0063\u006f\u006c\u006c\u0065\u0063\u0074\u0069\u006f\u006e":"c"}`,
			value: `{}`, collection: "c", hasCollection: true, key: "k", has: true,
		},
		{name: "escaped backslash in a member name", text: `{"value":{},"\u005cu006bey":"k","valu\\u0065":1}`, value: `{}`},
		{name: "names with other case or more bytes", text: `{"value":{},"Value":1,"value ":2,"valu":3,"values":4}`, value: `{}`},
		{
			name: "the last of several counts", text: `{"value":1,"key":"x","created_at":5,"value":{"a":2},"key":"k","created_at":"2025-01-01"}`,
			value: `{"a":2}`, created: day, key: "k", has: true,
		},
		{name: "a string value", text: `{"value":" {\"a\":\"\\u00e9\\ud800\"} "}`, value: ` {"a":"\u00e9\ud800"} `},
		{name: "names that are no strings", text: `{"value":{},"key":null,"collection":5,"insert_id":{}}`, value: `{}`},
		{name: "empty names", text: `{"value":{},"key":"","collection":""}`, value: `{}`, hasCollection: true, has: true},
		{
			name: "escaped names", text: `{"value":{},"key":"\u00e9\"\n","collection":"\ud83d\ude00"}`,
			value: `{}`, collection: "😀", hasCollection: true, key: "é\"\n", has: true,
		},
		{name: "a lone surrogate in a name", text: `{"value":{},"key":"\ud800"}`, value: `{}`, key: "\xed\xa0\x80", has: true},
		{name: "an escaped date", text: `{"value":{},"expires_at":"2025-01-01T01:00\u002b01:00"}`, value: `{}`, expires: day},
		{name: "a long escaped date", text: `{"value":{},"expires_at":"2025-01-01T00:00:00.` + strings.Repeat("0", 99) + `\u002b00:00"}`, value: `{}`, expires: day},
		{name: "an escaped empty member name", text: `{"value":{},"":{},"` + strings.Repeat(`\u0061`, 20) + `":1}`, value: `{}`},
	}
	for _, test := range tests {
		e, err := Decode([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if string(e.Value) != test.value || !e.CreatedAt.Equal(test.created) || !e.ExpiresAt.Equal(test.expires) {
			t.Errorf("%s: %s, %v, %v", test.name, e.Value, e.CreatedAt, e.ExpiresAt)
		}
		if collection, ok := e.Collection(); collection != test.collection || ok != test.hasCollection {
			t.Errorf("%s: collection %q, %t", test.name, collection, ok)
		}
		if key, ok := e.Key(); key != test.key || ok != test.has {
			t.Errorf("%s: key %q, %t", test.name, key, ok)
		}
		if id := e.InsertID(); id != test.insertID {
			t.Errorf("%s: insert id %q", test.name, id)
		}
		for _, date := range []time.Time{e.CreatedAt, e.ExpiresAt} {
			if date.Location() != time.UTC {
				t.Errorf("%s: time in %v", test.name, date.Location())
			}
		}
	}
}

// TestDecodeErrors has each reason for which an entry is corrupt.
func TestDecodeErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, "expected a JSON object at byte 0"},
		{` []`, "expected a JSON object at byte 1"},
		{"\ufeff{}", "expected a JSON object at byte 0"},
		{`{`, "unexpected end of JSON at byte 1"},
		{`{}`, "no member named value in the object that ends at byte 1"},
		{`{"a":1}`, "no member named value in the object that ends at byte 6"},
		{`{"a" 1}`, "expected ':' after a member name at byte 5"},
		{`{"value":{}`, "expected ',' or '}' after a member at byte 11"},
		{`{"value":{} "a":1}`, "expected ',' or '}' after a member at byte 12"},
		{`{"value":{},}`, "expected a member name in quotes at byte 12"},
		{`{"value":{}} x`, "unexpected text after the JSON object at byte 13"},
		{`{"value":{"a":NaN}}`, "expected a JSON value at byte 14"},
		{`{"value":[]}`, "the value is not a JSON object at byte 9"},
		{`{"value":{},"value":null}`, "the value is not a JSON object at byte 20"},
		{`{"value":"[]"}`, "the text of the value is not a JSON object; the value begins at byte 9"},
		{`{"value":"{}x"}`, "the text of the value is not a JSON object; the value begins at byte 9"},
		{`{"value":"\"{}\""}`, "the text of the value is not a JSON object; the value begins at byte 9"},
		{`{"value":{},"created_at":5}`, "a time is not a string at byte 25"},
		{`{"value":{},"created_at":[]}`, "a time is not a string at byte 25"},
		{`{"value":{},"expires_at":true}`, "a time is not a string at byte 25"},
		{`{"value":{},"expires_at":"tomorrow"}`, "a time is not in ISO 8601 format at byte 25"},
		{`{"value":{},"created_at":"2025-13-01"}`, "a time is not in ISO 8601 format at byte 25"},
		{"{\"value\":{\"a\":\"\xff\"}}", "invalid UTF-8 at byte 15"},
		{"{\"value\":{},\"x\xc3\":1}", "invalid UTF-8 at byte 14"},
		{`{"value":{},"x":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}`, "nested too deeply at byte 10015"},
	}
	for _, test := range tests {
		e, err := Decode([]byte(test.text))
		if err == nil || !errors.Is(err, core.ErrCorrupt) || err.Error() != "corrupt entry: "+test.want {
			t.Errorf("%.80q: %v, want %s", test.text, err, test.want)
		}
		if e.Found() {
			t.Errorf("%.80q: an entry and an error", test.text)
		}
	}
}

// TestDecodeDifferences has the rows of the table in the package
// documentation that the vectors have not.
func TestDecodeDifferences(t *testing.T) {
	digits := strings.Repeat("1", 5000)
	tests := []struct{ name, text, value string }{
		{"string value that holds a lone surrogate itself", `{"value":"{\"a\":\"\ud800\"}"}`, ""},
		{"integer over 4300 digits", `{"value":{"a":` + digits + `}}`, `{"a":` + digits + `}`},
		{"invalid UTF-8", "{\"value\":{\"a\":\"\xe9\"}}", ""},
		{"UTF-16", "{\x00\"\x00", ""},
		{"UTF-32", "{\x00\x00\x00", ""},
		{"nested over about 1000 deep", `{"value":` + string(nested(9998)) + `}`, string(nested(9998))},
	}
	for _, test := range tests {
		e, err := Decode([]byte(test.text))
		if string(e.Value) != test.value || (err != nil) != (test.value == "") {
			t.Errorf("%s: %.40s, %v", test.name, e.Value, err)
		}
	}
	e, err := Decode([]byte(`{"value":{},"expires_at":"0001-01-01T00:00:00+00:00"}`))
	if err != nil || !e.Expired() {
		t.Errorf("the first instant is not a time: %v, %v", e.ExpiresAt, err)
	}
}

// TestErrorsKeepSecrets cuts and spoils an entry at every byte: no error says
// anything of what is in it.
func TestErrorsKeepSecrets(t *testing.T) {
	const text = `{"hunter":"hunter","created_at":"hunter","value":"hunter"}`
	for i := range len(text) {
		for _, spoiled := range []string{text[:i], text[:i] + "\x00" + text[i+1:], text[:i] + `"` + text[i+1:]} {
			if _, err := Decode([]byte(spoiled)); err == nil || strings.Contains(err.Error(), "hunter") {
				t.Errorf("%q: %v", spoiled, err)
			}
		}
	}
	_, err := AppendCanonical(nil, &Record{Entry: core.Entry{Value: []byte(`{"hunter":hunter}`)}})
	if err == nil || strings.Contains(err.Error(), "hunter") {
		t.Error(err)
	}
}

// TestDecodeAliases checks that the value is a part of the input and that
// appending to it leaves the input alone.
func TestDecodeAliases(t *testing.T) {
	data := []byte(`{"value":{"a":1},"key":"k"}`)
	before := bytes.Clone(data)
	e, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if &e.Value[0] != &data[9] {
		t.Error("the value is a copy")
	}
	if cap(e.Value) != len(e.Value) {
		t.Errorf("the capacity of the value is %d, its length %d", cap(e.Value), len(e.Value))
	}
	_ = append(e.Value, "overwritten"...)
	if !bytes.Equal(data, before) {
		t.Error("appending to the value changed the input")
	}
}

func TestBelongs(t *testing.T) {
	tests := []struct {
		text, collection, key string
		want                  bool
	}{
		{`{"value":{},"collection":"c","key":"k"}`, "c", "k", true},
		{`{"value":{},"collection":"c","key":"k"}`, "c", "K", false},
		{`{"value":{},"collection":"c","key":"k"}`, "d", "k", false},
		{`{"value":{},"key":"k"}`, "anything", "k", true},
		{`{"value":{},"collection":"c"}`, "c", "anything", true},
		{`{"value":{}}`, "anything", "anything", true},
		{`{"value":{},"collection":"\u0063","key":"\ud83d\ude00"}`, "c", "😀", true},
		{`{"value":{},"key":"\ud800"}`, "c", "\ufffd", false},
		{`{"value":{},"key":""}`, "c", "k", false},
	}
	for _, test := range tests {
		e, err := Decode([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Belongs(test.collection, test.key); got != test.want {
			t.Errorf("%s: belongs to %q, %q is %t", test.text, test.collection, test.key, got)
		}
		entry, err := DecodeAs([]byte(test.text), test.collection, test.key)
		if test.want != (err == nil) || test.want != entry.Found() || !test.want && err != core.ErrNotFound {
			t.Errorf("%s: as %q, %q: %v", test.text, test.collection, test.key, err)
		}
	}
	if _, err := DecodeAs([]byte(`{`), "c", "k"); !errors.Is(err, core.ErrCorrupt) {
		t.Error(err)
	}
}

func TestDecodeAllocations(t *testing.T) {
	for _, text := range []string{
		`{"collection":"c","created_at":"2025-01-01T00:00:00.000000+00:00","expires_at":"2025-01-01T00:00:00+00:00","key":"k","value":{"a":"é"},"version":1}`,
		`{"val\u0075e":{},"expires_at":"2025-W01-1T12:00\u002b01:00","key":"\u006b"}`,
	} {
		data := []byte(text)
		allocations := testing.AllocsPerRun(100, func() {
			if _, err := DecodeAs(data, "c", "k"); err != nil {
				t.Fatal(err)
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations", text, allocations)
		}
	}
}

// TestMaxDepth checks that the envelope counts as a level, as it does for
// encoding/json.
func TestMaxDepth(t *testing.T) {
	for depth, want := range map[int]bool{jsonscan.MaxDepth - 2: true, jsonscan.MaxDepth - 1: false} {
		// nested has one more object, the innermost.
		text := append(append([]byte(`{"value":`), nested(depth)...), '}')
		if _, err := Decode(text); (err == nil) != want {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
}
