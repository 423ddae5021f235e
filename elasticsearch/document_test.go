package elasticsearch

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

func TestDocuments(t *testing.T) {
	created := time.Date(2025, 1, 1, 0, 0, 0, 123000000, time.UTC)
	for _, value := range []string{
		`{}`, `{"a":1.0,"b":[1,{"c":null}]}`, `{"a":1,"a":2}`, `{"a":{"b":1,"\u0062":2}}`, `{"n":` + strings.Repeat("1", 1200) + `}`,
		`{"flattened":{"text":"x"}}`,
	} {
		r := &driver.Record{Collection: "c", Key: "k", InsertID: "id", Entry: core.Entry{
			Value: json.RawMessage(value), CreatedAt: created, ExpiresAt: created.Add(time.Hour),
		}}
		document := encode(r)
		envelope, err := decode(document)
		if err != nil || string(envelope.Value) != value || !envelope.Belongs("c", "k") || envelope.InsertID() != "id" ||
			!envelope.CreatedAt.Equal(created) || !envelope.ExpiresAt.Equal(created.Add(time.Hour)) {
			t.Errorf("%.80s became %.200s and that %+v, %v", value, document, envelope.Entry, err)
		}
	}
	spread := &driver.Record{Collection: "c", Key: "k", Entry: core.Entry{Value: json.RawMessage("\n{\n\"a\\n\" : \"b\\n\"\n}\n")}}
	if document := encode(spread); bytes.ContainsRune(document, '\n') || !bytes.Contains(document, []byte(` "a\n" : "b\n" `)) {
		t.Errorf("a value of several lines became %s", document)
	}
}

func TestCorruptDocuments(t *testing.T) {
	for _, source := range []string{
		``, `null`, `[]`, `{}`, `{"value":null}`, `{"value":{}}`, `{"value":{"flattened":null}}`, `{"value":{"flattened":[1]}}`,
		`{"value":{"flattened":"{}"}}`, `{"value":{"text":1}}`, `{"value":{"text":"[]"}}`, `{"value":{"text":"{"}}`, `{"value":"{}"}`,
		`{"value":[{"flattened":{}}]}`, `{"value":{"flattened":{}},"expires_at":"soon"}`, `{"value":{"flattened":{}}`,
	} {
		if _, err := decodeAs([]byte(source), "c", "k"); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("decodeAs(%s) = %v; want ErrCorrupt", source, err)
		}
	}
	if _, err := decodeAs([]byte(`{"key":"other","value":{"flattened":{}}}`), "c", "k"); err != core.ErrNotFound {
		t.Errorf("another key's document = %v; want a miss", err)
	}
}

func TestRefusedAsObject(t *testing.T) {
	many := `{"m0":0`
	for i := 1; i < 40; i++ {
		many += `,"m` + string(rune('a'+i%26)) + string(rune('a'+i/26)) + `":[{"a":1}]`
	}
	for value, want := range map[string]bool{
		`{}`: false, `{"a":1,"b":1}`: false, `{"a":1,"a":1}`: true, `{"a":{"a":1},"b":[{"a":1},{"a":2}]}`: false,
		`{"x":[[{"a":1, "b" : 2 ,"\u0061":3}]]}`: true, `{"a":"\"a\":1,\"a\":2"}`: false, `{"a\"":1,"a":2}`: false,
		many + `}`: false, many + `,"mbb":1,"mbb":1}`: true, many + `,"m0":1}`: true,
		`{"n":[` + strings.Repeat("1", maxNumber-1) + `]}`: false, `{"n":[` + strings.Repeat("1", maxNumber) + `]}`: true,
		`{"a":true,"b":null,"c":-1.5e+3 , "d":[]}`: false,
	} {
		if got := refusedAsObject(json.RawMessage(value)); got != want {
			t.Errorf("refusedAsObject(%.100s) = %v, want %v", value, got, want)
		}
	}
}

// The scanner finds what encoding/json finds, and survives whatever it is given.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`[1,"a]",{"b":[1,2]},[],null]`, `[]`, `[1`, `["`, `["\`, `[,]`, `{"a":1,"a":2}`, `[{"a":{}}}]`, ` [ 1 , 2 ] `, `[[[[`, `{"a`, `{]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found := elements(data)
		for _, element := range found {
			if len(element) == 0 {
				t.Errorf("an empty element in %q", data)
			}
		}
		var want []json.RawMessage
		if json.Unmarshal(data, &want) == nil && len(data) > 0 && bytes.TrimSpace(data)[0] == '[' {
			if len(found) != len(want) {
				t.Fatalf("%d elements of %q, want %d", len(found), data, len(want))
			}
			for i := range want {
				if !bytes.Equal(bytes.TrimSpace(found[i]), bytes.TrimSpace(want[i])) {
					t.Errorf("element %d of %q is %q, want %q", i, data, found[i], want[i])
				}
			}
		}
		if core.CheckValue(data) == nil && refusedAsObject(data) != hasRepeatedName(t, data) {
			t.Errorf("refusedAsObject(%q) = %v", data, refusedAsObject(data))
		}
	})
}

// hasRepeatedName is the same in a slower way, for values without long numbers.
func hasRepeatedName(t *testing.T, data []byte) bool {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value func() bool
	value = func() bool {
		token, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := token.(json.Number); ok && len(n) >= maxNumber {
			return true
		}
		repeated := false
		names := make(map[string]bool)
		switch token {
		case json.Delim('{'):
			for decoder.More() {
				name, err := decoder.Token()
				if err != nil {
					t.Fatal(err)
				}
				repeated = repeated || names[name.(string)]
				names[name.(string)] = true
				repeated = value() || repeated
			}
			_, _ = decoder.Token()
		case json.Delim('['):
			for decoder.More() {
				repeated = value() || repeated
			}
			_, _ = decoder.Token()
		}
		return repeated
	}
	return value()
}

// FuzzDecode wants that no document crashes, and that what is read is an object.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"value":{"flattened":{"a":1}},"key":"k","collection":"c","expires_at":"2025-01-01T00:00:00+00:00"}`))
	f.Add([]byte(`{"value":{"text":"{\"a\":1,\"a\":2}"}}`))
	f.Add([]byte(`{"docs":[{"found":true,"_source":{"value":{"flattened":{}}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if envelope, err := decode(data); err == nil && (len(envelope.Value) == 0 || !json.Valid(envelope.Value)) {
			t.Errorf("decode(%q) has %q", data, envelope.Value)
		}
		_, _ = decodeHeader(data)
		a := answer{status: 200, body: data}
		if documents, _, err := a.documents(1); err == nil && len(documents) != 1 {
			t.Errorf("%q has %d documents", data, len(documents))
		}
	})
}
