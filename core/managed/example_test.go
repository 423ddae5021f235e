package managed_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

func ExampleAppend() {
	created := time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC)
	text := managed.Append(nil, &managed.Record{
		Collection: "users",
		Key:        "42",
		Entry: core.Entry{
			Value:     json.RawMessage(`{"name":"Ada","born":1815}`),
			CreatedAt: created,
			ExpiresAt: created.Add(90 * time.Second),
		},
	})
	fmt.Printf("%s\n", text)
	// Output:
	// {"collection":"users","created_at":"2025-01-01T12:00:00.000000+00:00","expires_at":"2025-01-01T12:01:30.000000+00:00","key":"42","value":{"name":"Ada","born":1815},"version":1}
}

// The canonical form is what the Python library writes: sorted and in ASCII.
func ExampleAppendCanonical() {
	text, err := managed.AppendCanonical(nil, &managed.Record{
		Collection: "users",
		Key:        "42",
		Entry:      core.Entry{Value: json.RawMessage(`{"name":"Zoë","born":1.8E3}`)},
	})
	fmt.Printf("%s %v\n", text, err)
	// Output:
	// {"collection": "users", "key": "42", "value": {"born": 1800.0, "name": "Zo\u00eb"}, "version": 1} <nil>
}

func ExampleDecode() {
	entry, err := managed.Decode([]byte(`{"value": {"name": "Ada"}, "key": "42", "expires_at": "2025-01-01T13:00:00+01:00"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	key, _ := entry.Key()
	_, known := entry.Collection()
	fmt.Printf("%s %s %v %t\n", key, entry.Value, entry.ExpiresAt, known)

	_, err = managed.Decode([]byte(`{"value": [1, 2, 3]}`))
	fmt.Println(err, errors.Is(err, core.ErrCorrupt))
	// Output:
	// 42 {"name": "Ada"} 2025-01-01 12:00:00 +0000 UTC false
	// corrupt entry: the value is not a JSON object at byte 10 true
}

// An envelope that names another key is not the entry that was asked for.
func ExampleDecodeAs() {
	_, err := managed.DecodeAs([]byte(`{"value": {}, "key": "42"}`), "users", "43")
	fmt.Println(err)
	// Output:
	// not found
}
