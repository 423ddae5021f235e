package managed

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// readVectors reads the cases of a file of testdata, of which there are
// so many.
func readVectors[T any](t testing.TB, file string, number int) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []T `json:"cases"`
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Cases) != number {
		t.Fatalf("%s has %d cases, want %d", file, len(vectors.Cases), number)
	}
	return vectors.Cases
}

type loadCase struct {
	Input string `json:"input"`
	OK    *struct {
		Value     json.RawMessage `json:"value"`
		CreatedAt string          `json:"created_at"`
		ExpiresAt string          `json:"expires_at"`
	} `json:"ok"`
	Error string `json:"error"`
}

type dumpCase struct {
	Name       string `json:"name"`
	Value      string `json:"value_json"`
	CreatedAt  string `json:"created_at"`
	ExpiresAt  string `json:"expires_at"`
	Collection string `json:"collection"`
	Key        string `json:"key"`
	JSON       string `json:"json"`
	Error      string `json:"error"`
}

func (c *dumpCase) record(t *testing.T) *Record {
	return &Record{Collection: c.Collection, Key: c.Key, Entry: core.Entry{
		Value:     json.RawMessage(c.Value),
		CreatedAt: instant(t, c.CreatedAt),
		ExpiresAt: instant(t, c.ExpiresAt),
	}}
}

// instant reads a date by another way than the code under test.
func instant(t testing.TB, date string) time.Time {
	t.Helper()
	if date == "" {
		return time.Time{}
	}
	parsed, err := time.Parse(time.RFC3339Nano, date)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04:05", date)
	}
	if err != nil {
		t.Fatalf("date of the vector: %v", err)
	}
	return parsed.UTC()
}

// canonicalValue is how Python would write a value.
func canonicalValue(t *testing.T, value json.RawMessage) string {
	t.Helper()
	text, err := AppendCanonical(nil, &Record{Entry: core.Entry{Value: value}})
	if err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	return string(text)
}

// loadDifferences are the inputs that are read otherwise than by Python on
// purpose: the value expected, or none where the entry is corrupt.
var loadDifferences = map[string]struct {
	value, createdAt string
	why              string
}{
	`{"value": {"a": NaN, "b": Infinity, "c": -Infinity}}`: {
		why: "a value is JSON, which has no such numbers",
	},
	`{"created_at": null, "value": {"a": 1}}`: {
		value: `{"a": 1}`, why: "null is absent; Python raises an error that is not its own",
	},
	`{"expires_at": null, "value": {"a": 1}}`: {
		value: `{"a": 1}`, why: "null is absent; Python raises an error that is not its own",
	},
	`{"created_at": 5, "value": {"a": 1}}`: {
		why: "corrupt like any other date that is none; Python raises an error that is not its own",
	},
	`{"expires_at": 5, "value": {"a": 1}}`: {
		why: "corrupt like any other date that is none; Python raises an error that is not its own",
	},
	`{"expires_at": 0, "value": {"a": 1}}`: {
		why: "corrupt like any other date that is none; Python raises an error that is not its own",
	},
	`{"created_at": "2025-01-01T00:00:00", "value": {"a": 1}}`: {
		value: `{"a": 1}`, createdAt: "2025-01-01T00:00:00Z", why: "a naive time is UTC",
	},
	`{"created_at": "2025-01-01", "value": {"a": 1}}`: {
		value: `{"a": 1}`, createdAt: "2025-01-01T00:00:00Z", why: "a naive time is UTC",
	},
	`{"created_at": "2025-W01-3", "value": {"a": 1}}`: {
		value: `{"a": 1}`, createdAt: "2025-01-01T00:00:00Z", why: "a naive time is UTC",
	},
	`{"value": {"a": 1e400}}`: {
		value: `{"a": 1e400}`, why: "the text of a number is kept",
	},
	`{"value": {"a": "\ud800"}}`: {
		value: `{"a": "\ud800"}`, why: "the escape is kept, as UTF-8 has nothing for it",
	},
	`{"value": {"a": 1, "a": 2}}`: {
		value: `{"a": 1, "a": 2}`, why: "the text of a value is kept; each JSON reader lets the last win",
	},
}

func TestLoadVectors(t *testing.T) {
	different := 0
	for _, c := range readVectors[loadCase](t, "managed_entry_load.json", 44) {
		e, err := Decode([]byte(c.Input))
		if err != nil && !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("%s: error %v does not match ErrCorrupt", c.Input, err)
		}
		if want, ok := loadDifferences[c.Input]; ok {
			different++
			if string(e.Value) != want.value || (err != nil) != (want.value == "") ||
				!e.CreatedAt.Equal(instant(t, want.createdAt)) || !e.ExpiresAt.IsZero() {
				t.Errorf("%s: %s, %v; want %+v", c.Input, e.Value, err, want)
			}
			continue
		}
		switch {
		case c.OK == nil && c.Error != "DeserializationError":
			t.Errorf("%s: neither compared nor a known difference", c.Input)
		case c.OK == nil:
			if err == nil {
				t.Errorf("%s: accepted", c.Input)
			}
		case err != nil:
			t.Errorf("%s: %v", c.Input, err)
		default:
			if got, want := canonicalValue(t, e.Value), canonicalValue(t, c.OK.Value); got != want {
				t.Errorf("%s: value %s, want %s", c.Input, got, want)
			}
			if want := instant(t, c.OK.CreatedAt); !e.CreatedAt.Equal(want) {
				t.Errorf("%s: created at %v, want %v", c.Input, e.CreatedAt, want)
			}
			if want := instant(t, c.OK.ExpiresAt); !e.ExpiresAt.Equal(want) {
				t.Errorf("%s: expires at %v, want %v", c.Input, e.ExpiresAt, want)
			}
		}
	}
	if different != len(loadDifferences) {
		t.Errorf("%d known differences were met, want %d", different, len(loadDifferences))
	}
}

// dumpDifferences are the cases in which Python writes what is not written
// here, or refuses what Go has not. Where there is a record, want is the text
// that is written for it, or none where it is refused.
var dumpDifferences = map[string]struct {
	record *Record
	want   string
	why    string
}{
	"datetime/offset": {
		record: &Record{Entry: core.Entry{
			Value:     json.RawMessage(`{"a": 1}`),
			CreatedAt: time.Date(2025, 1, 1, 0, 0, 0, 5000, time.FixedZone("", 19800)),
		}},
		want: `{"created_at": "2024-12-31T18:30:00.000005+00:00", "value": {"a": 1}, "version": 1}`,
		why:  "times are written in UTC",
	},
	"datetime/naive": {
		record: &Record{Entry: core.Entry{
			Value:     json.RawMessage(`{"a": 1}`),
			CreatedAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
		}},
		want: `{"created_at": "2025-01-01T00:00:00+00:00", "value": {"a": 1}, "version": 1}`,
		why:  "a Time is never naive",
	},
	"nan_inf/no_ttl": {
		record: &Record{Entry: core.Entry{Value: json.RawMessage(`{"a": NaN, "b": Infinity, "c": -Infinity}`)}},
		why:    "a value is JSON, which has no such numbers",
	},
	"negative/deep3000": {
		record: &Record{Entry: core.Entry{Value: nested(3000)}},
		why:    "the error is ErrInvalidValue",
	},
	"negative/not_mapping": {record: &Record{Entry: core.Entry{Value: json.RawMessage(`[1]`)}}, why: "the error is ErrInvalidValue"},
	"negative/str":         {record: &Record{Entry: core.Entry{Value: json.RawMessage(`"x"`)}}, why: "the error is ErrInvalidValue"},
	"negative/none":        {record: &Record{}, why: "the error is ErrInvalidValue"},

	"exclude_none_false":             {why: "another option of the library: null for what is absent; it is read"},
	"version_2":                      {why: "another option of the library; it is read"},
	"value_format_string(Firestore)": {why: "another option of the library; it is read"},
	"date_format_none(SimpleStore)":  {why: "another option of the library; it is read"},
	"date_format_datetime dump_json": {why: "another option of the library"},
	"negative/datetime":              {why: "JSON text holds no such object"},
	"negative/uuid":                  {why: "JSON text holds no such object"},
	"negative/bytes":                 {why: "JSON text holds no such object"},
	"negative/set":                   {why: "JSON text holds no such object"},
	"negative/decimal":               {why: "JSON text holds no such object"},
	"negative/object":                {why: "JSON text holds no such object"},
	"negative/top_nonstr_key":        {why: "JSON text holds no such name"},
	"negative/top_none_key":          {why: "JSON text holds no such name"},
	"negative/mixed_nested_keys":     {why: "JSON text holds no such name"},
	"negative/tuple_nested_key":      {why: "JSON text holds no such name"},
	"negative/circular":              {why: "JSON text holds no circle"},
}

func nested(depth int) json.RawMessage {
	return append(bytes.Repeat([]byte(`{"a":`), depth), append([]byte("{}"), bytes.Repeat([]byte("}"), depth)...)...)
}

func TestDumpVectors(t *testing.T) {
	different := 0
	for _, c := range readVectors[dumpCase](t, "managed_entry_dump.json", 53) {
		if want, ok := dumpDifferences[c.Name]; ok {
			different++
			if want.record == nil {
				continue
			}
			got, err := AppendCanonical(nil, want.record)
			if string(got) != want.want || (want.want == "") != errors.Is(err, core.ErrInvalidValue) {
				t.Errorf("%s: %s, %v; want %s", c.Name, got, err, want.want)
			}
			continue
		}
		if c.Error != "" {
			t.Errorf("%s: neither compared nor a known difference", c.Name)
			continue
		}
		got, err := AppendCanonical(nil, c.record(t))
		if err != nil || string(got) != c.JSON {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.Name, err, got, c.JSON)
		}
	}
	if different != len(dumpDifferences) {
		t.Errorf("%d known differences were met, want %d", different, len(dumpDifferences))
	}
}

// TestDumpVectorsAreRead decodes everything that Python writes, whatever its
// options, and what Append writes for the same entry.
func TestDumpVectorsAreRead(t *testing.T) {
	for _, c := range readVectors[dumpCase](t, "managed_entry_dump.json", 53) {
		if c.JSON == "" || c.Name == "nan_inf/no_ttl" {
			continue
		}
		value := c.Value
		if c.Value == "" { // The options that write the value otherwise.
			value = `{"a": 1}`
			if c.Name == "value_format_string(Firestore)" {
				value = `{"a": "\u00e9", "b": 1}`
			}
		}
		texts := []string{c.JSON}
		if c.Value != "" && c.CreatedAt != "" {
			texts = append(texts, string(Append(nil, c.record(t))))
		}
		for _, text := range texts {
			e, err := Decode([]byte(text))
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			if got, want := canonicalValue(t, e.Value), canonicalValue(t, json.RawMessage(value)); got != want {
				t.Errorf("%s: value %s, want %s", text, got, want)
			}
			if want := instant(t, c.CreatedAt); c.CreatedAt != "" && !e.CreatedAt.Equal(want) {
				t.Errorf("%s: created at %v, want %v", text, e.CreatedAt, want)
			}
			if want := instant(t, c.ExpiresAt); !e.ExpiresAt.Equal(want) {
				t.Errorf("%s: expires at %v, want %v", text, e.ExpiresAt, want)
			}
			if c.Key != "" && !e.Belongs(c.Collection, c.Key) {
				t.Errorf("%s: does not belong to %q, %q", text, c.Collection, c.Key)
			}
		}
	}
}
