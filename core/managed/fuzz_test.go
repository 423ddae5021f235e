package managed

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// FuzzDecode compares with encoding/json: nothing is accepted that it rejects,
// the value is the one it finds, and what it finds is accepted.
func FuzzDecode(f *testing.F) {
	for _, c := range readVectors[loadCase](f, "managed_entry_load.json", 44) {
		f.Add([]byte(c.Input))
	}
	for _, c := range readVectors[dumpCase](f, "managed_entry_dump.json", 53) {
		f.Add([]byte(c.JSON))
	}
	f.Add([]byte(`{"val\u0075e":{},"key":"\ud800","insert_id":"\n"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		e, err := Decode(data)
		var reference map[string]json.RawMessage
		referenceErr := json.Unmarshal(data, &reference)
		value := reference["value"]
		if err != nil {
			if !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("error %v does not match ErrCorrupt", err)
			}
			_, created := reference["created_at"]
			_, expires := reference["expires_at"]
			if referenceErr == nil && utf8.Valid(data) && !created && !expires && len(value) > 0 && value[0] == '{' {
				t.Errorf("refused: %v", err)
			}
			return
		}
		if referenceErr != nil {
			t.Fatalf("accepted; encoding/json: %v", referenceErr)
		}
		want := string(value)
		if value[0] == '"' {
			if err := json.Unmarshal(value, &want); err != nil {
				t.Fatal(err)
			}
		}
		if string(e.Value) != want || !json.Valid(e.Value) {
			t.Errorf("value is %q, want %q", e.Value, want)
		}
		if key, ok := e.Key(); ok && utf8.ValidString(key) {
			var want string
			if err := json.Unmarshal(reference["key"], &want); err != nil || key != want {
				t.Errorf("key is %q, want %q, %v", key, want, err)
			}
			collection, _ := e.Collection()
			if !e.Belongs(collection, key) || e.Belongs(collection, key+"x") {
				t.Errorf("Belongs does not know the key %q", key)
			}
		}
		if cap(e.Value) > len(e.Value) {
			_ = append(e.Value, 'x')
		}
		if !bytes.Equal(data, before) {
			t.Error("the input was changed")
		}
	})
}

// FuzzAppend reads back what was written.
func FuzzAppend(f *testing.F) {
	f.Add("users", "42", "id", []byte(`{"a":1}`), int64(1735689600123456789), int64(0))
	f.Add("", "\"\\\n\x00é😀", "", []byte(` {} `), int64(-1), int64(999))
	f.Add("\xff", "\xed\xa0\x80", "", []byte(`{"a":"\ud800"}`), int64(0), int64(-62135596800000000))
	f.Fuzz(func(t *testing.T, collection, key, id string, value []byte, created, expires int64) {
		if core.CheckValue(value) != nil {
			return
		}
		record := &Record{collection, key, id, core.Entry{
			Value: value, CreatedAt: time.Unix(0, created).UTC(), ExpiresAt: time.UnixMilli(expires % math.MaxInt32).Add(time.Duration(expires)).UTC(),
		}}
		text := Append(nil, record)
		if len(text) > size(record) {
			t.Errorf("%d bytes, measured before %d", len(text), size(record))
		}
		if !json.Valid(text) {
			t.Fatalf("not JSON: %q", text)
		}
		e, err := Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		if want := bytes.TrimSpace(value); !bytes.Equal(e.Value, want) {
			t.Errorf("value is %q, want %q", e.Value, want)
		}
		if late := record.CreatedAt.Sub(e.CreatedAt); late < 0 || late >= time.Microsecond {
			t.Errorf("created at %v, written %v", e.CreatedAt, record.CreatedAt)
		}
		if late := e.ExpiresAt.Sub(record.ExpiresAt); late < 0 || late >= time.Microsecond {
			t.Errorf("expires at %v, written %v", e.ExpiresAt, record.ExpiresAt)
		}
		gotCollection, _ := e.Collection()
		gotKey, _ := e.Key()
		valid := func(name string) string { return string([]rune(name)) }
		if gotCollection != valid(collection) || gotKey != valid(key) || e.InsertID() != valid(id) {
			t.Errorf("names are %q, %q, %q", gotCollection, gotKey, e.InsertID())
		}
	})
}

// FuzzAppendCanonical checks that the canonical form is ASCII, is its own
// canonical form, and says what the value said.
func FuzzAppendCanonical(f *testing.F) {
	for _, c := range readVectors[dumpCase](f, "managed_entry_dump.json", 53) {
		f.Add([]byte(c.Value))
	}
	f.Add([]byte(`{"b":[1,{"d":-0,"c":1E5}],"a":"\ud800é","b":1e400}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		text, err := AppendCanonical(nil, &Record{Entry: core.Entry{Value: value}})
		if err != nil {
			if !errors.Is(err, core.ErrInvalidValue) || text != nil {
				t.Errorf("error %v does not match ErrInvalidValue", err)
			}
			return
		}
		for _, c := range text {
			if c < ' ' || c > '~' {
				t.Fatalf("not printable ASCII: %q", text)
			}
		}
		e, err := Decode(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again, err := AppendCanonical(nil, &Record{Entry: e.Entry}); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%v\nfirst %s\nagain %s", err, text, again)
		}
		var got, want any
		if json.Unmarshal(value, &want) != nil {
			return // a number that did not count is out of range
		}
		if err := json.Unmarshal(e.Value, &got); err != nil {
			t.Fatal(err)
		}
		// For encoding/json all lone surrogates are the same, also in names.
		if !reflect.DeepEqual(got, want) && !strings.Contains(string(text), `\ud`) {
			t.Errorf("%s says other than %s", e.Value, value)
		}
	})
}

// rfc3339 leaves out the offset of 24 hours, which package time takes.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):\d\d)$`)

// FuzzDate compares with package time where both know the form.
func FuzzDate(f *testing.F) {
	for _, text := range []string{
		"2025-01-01T00:00:00.123456+00:00", "2025-01-01T00:00:00Z", "2025-W01-1", "20250101T123045,5-0530",
		"2025-01-01é12", "0001-01-01T00:00:00+23:59", "2025-01-01T12:30:45.123456xyz+00:00",
		"0001-01-01T00:00:00+24:59",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !utf8.Valid(text) {
			return
		}
		got, ok := parseDate(text)
		if ok && (got.IsZero() || got.Location() != time.UTC || got.Nanosecond()%1000 != 0) {
			t.Errorf("%q: %v", text, got)
		}
		if common, ok := parseCommon(text); ok {
			if iso, ok := parseISO(text); !ok || !iso.Equal(common) {
				t.Errorf("%q: %v by the fast way, %v, %t by the other", text, common, iso, ok)
			}
		}
		if want, err := time.Parse(time.RFC3339Nano, string(text)); err == nil && rfc3339.Match(text) && want.Year() >= 1 {
			want = want.Add(-time.Duration(want.Nanosecond() % 1000))
			if strings.HasPrefix(string(text), "0000") || want.IsZero() {
				return
			}
			if !ok || !got.Equal(want) {
				t.Errorf("%q: %v, %t; want %v", text, got, ok, want)
			}
		}
	})
}
