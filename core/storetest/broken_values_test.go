package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// value changes legal values before they are written.
func value(change func(json.RawMessage) json.RawMessage) func(*altered) {
	return func(a *altered) {
		a.putsAs(func(_ string, item core.Item) core.Item {
			if core.CheckItem(item) == nil {
				item.Value = change(item.Value)
			}
			return item
		})
	}
}

// anyValue is value for illegal ones too.
func anyValue(change func(json.RawMessage) json.RawMessage) func(*altered) {
	return func(a *altered) {
		a.putsAs(func(_ string, item core.Item) core.Item {
			item.Value = change(item.Value)
			return item
		})
	}
}

// replaced replaces one text in values by another.
func replaced(old, by string) func(*altered) {
	return value(func(v json.RawMessage) json.RawMessage {
		return bytes.ReplaceAll(v, []byte(old), []byte(by))
	})
}

// reencoded decodes values and encodes them again.
func reencoded(decode func(*json.Decoder)) func(*altered) {
	return value(func(v json.RawMessage) json.RawMessage {
		var object map[string]any
		d := json.NewDecoder(bytes.NewReader(v))
		decode(d)
		if d.Decode(&object) != nil {
			return v
		}
		again, err := json.Marshal(object)
		if err != nil {
			return v
		}
		return again
	})
}

// refusingValues has the driver refuse values.
func refusingValues(refuses func(string) bool) *driver.Options {
	return &driver.Options{CheckValue: func(v json.RawMessage) error {
		if refuses(string(v)) {
			return fmt.Errorf("%w: not here", core.ErrInvalidValue)
		}
		return nil
	}}
}

// repaired makes a legal value of any.
func repaired(repairs func(string) bool) func(*altered) {
	return anyValue(func(v json.RawMessage) json.RawMessage {
		if core.CheckValue(v) != nil && repairs(string(v)) {
			return json.RawMessage(`{}`)
		}
		return v
	})
}

var brokenValues = []brokenStore{
	{name: "numbers become float64", rule: 3, alter: reencoded(func(*json.Decoder) {})},
	{name: "members are sorted", rule: 3, alter: reencoded((*json.Decoder).UseNumber)},
	{name: "1.0 becomes 1", rule: 3, alter: replaced(":1.0,", ":1,")},
	{name: "1E5 becomes 1e5", rule: 3, alter: replaced("1E5", "1e5")},
	{name: "dates are read as instructions", rule: 3, alter: replaced(`"$date"`, `"date"`)},
	{name: "dots split names", rule: 3, alter: replaced(`"a.b"`, `"a_b"`)},
	{name: "lone surrogates are repaired", rule: 3, alter: replaced(`\ud800`, `\ufffd`)},
	{name: "NUL is dropped from strings", rule: 3, alter: replaced(`\u0000`, ``)},
	{name: "an array of one is its element", rule: 3, alter: replaced(`"a":[1],`, `"a":1,`)},
	{name: "null members are dropped", rule: 3, alter: replaced(`{"a":null}`, `{}`)},
	{name: "strings are composed", rule: 3, alter: replaced("e\\u0301", "é")},
	{name: "an entry in a value is taken for the entry", rule: 3, alter: func(a *altered) {
		a.getsAs(func(_, _ string, entry core.Entry, err error) (core.Entry, error) {
			var inner struct {
				Version int
				Value   json.RawMessage
			}
			if json.Unmarshal(entry.Value, &inner) == nil && inner.Version == 1 && len(inner.Value) > 0 && inner.Value[0] == '{' {
				entry.Value = inner.Value
			}
			return entry, err
		})
	}},
	{name: "a compressed value is inflated", rule: 3, alter: replaced("__compressed_data__", "data")},
	{name: "the first of two members counts", rule: 3, alter: replaced(`{"a":1,"b":2,"a":3}`, `{"a":1,"b":2}`)},
	{name: "GetAppend returns another value", rule: 3, alter: func(a *altered) {
		a.getAppend = func(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
			entry, err := a.reference.GetAppend(ctx, collection, key, dst)
			entry.Value = bytes.ReplaceAll(entry.Value, []byte("1.50"), []byte("1.5"))
			return entry, err
		}
	}},
	{name: "Insert changes the value", rule: 3, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			value = bytes.ReplaceAll(value, []byte("-0.0"), []byte("-0"))
			return a.reference.Insert(ctx, collection, key, value, ttl)
		}
	}},

	{name: "deep values are refused", rule: 3, driver: refusingValues(func(v string) bool { return strings.Contains(v, strings.Repeat(`{"a":`, 99)) })},
	{name: "long values are refused", rule: 3, large: true, driver: refusingValues(func(v string) bool { return len(v) > 1_000_000 })},
	{name: "long values are cut", rule: 3, large: true, alter: value(func(v json.RawMessage) json.RawMessage {
		if len(v) > 1_000_000 {
			return append(v[:999_998:999_998], `"}`...)
		}
		return v
	})},
	{name: "two members of one name are refused", rule: 3,
		driver: refusingValues(func(v string) bool { return v == `{"a":1,"b":2,"a":3}` })},

	{name: "no value is an empty object", rule: 3, alter: repaired(func(v string) bool { return v == "" })},
	{name: "null is an empty object", rule: 3, alter: repaired(func(v string) bool { return v == "null" })},
	{name: "arrays are taken", rule: 3, alter: repaired(func(v string) bool { return strings.HasPrefix(v, "[") })},
	{name: "text behind the object is ignored", rule: 3, alter: repaired(func(v string) bool { return strings.HasPrefix(v, `{"canary":1}`) })},
	{name: "values are not looked into", rule: 3, alter: repaired(func(v string) bool { return strings.HasPrefix(v, "{") })},
	{name: "invalid UTF-8 is taken", rule: 3, alter: repaired(func(v string) bool { return strings.Contains(v, "\xff\"") })},
	{name: "too deep nesting is taken", rule: 3, alter: repaired(func(v string) bool { return json.Valid([]byte(v)) && len(v) > 1000 })},
	{name: "a byte order mark is skipped", rule: 3, alter: anyValue(func(v json.RawMessage) json.RawMessage {
		return bytes.TrimPrefix(v, []byte("\ufeff"))
	})},
	{name: "Insert does not check the value", rule: 3, alter: func(a *altered) {
		a.insert = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
			if core.CheckValue(value) != nil {
				value = json.RawMessage(`{}`)
			}
			return a.reference.Insert(ctx, collection, key, value, ttl)
		}
	}},
	{name: "a refused value is written", rule: 3, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			err := a.reference.Put(ctx, collection, key, value, ttl)
			if errors.Is(err, core.ErrInvalidValue) {
				a.reference.Put(ctx, collection, key, json.RawMessage(`{}`), ttl)
			}
			return err
		}
	}},
	{name: "a refused value deletes what was there", rule: 5, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			err := a.reference.Put(ctx, collection, key, value, ttl)
			if errors.Is(err, core.ErrInvalidValue) {
				a.reference.Delete(ctx, collection, key)
			}
			return err
		}
	}},
	{name: "an error repeats the value", rule: 18, alter: func(a *altered) {
		a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
			err := a.reference.Put(ctx, collection, key, value, ttl)
			return core.MapErrors(err, func(e core.Error) core.Error {
				e.Err = fmt.Errorf("%w: %s", e.Err, value)
				return e
			})
		}
	}},

	// Options that are not true.
	{name: "a limit of values is not enforced", rule: 3, option: func(o *Options) { o.MaxValue = 1 << 17 }},
	{name: "a limit of values is lower", rule: 3, option: func(o *Options) { o.MaxValue = 1 << 17 },
		driver: &driver.Options{MaxValue: 1<<17 - 1}},
	{name: "a limit of values is an ErrInvalidValue", rule: 3, option: func(o *Options) { o.MaxValue = 1 << 17 },
		driver: refusingValues(func(v string) bool { return len(v) > 1<<17 })},
	{name: "documents whose numbers change", rule: 3, option: func(o *Options) { o.Documents = true },
		alter: replaced("9007199254740993", "9007199254740992")},
	{name: "documents that lose a member", rule: 3, option: func(o *Options) { o.Documents = true }, alter: replaced(`,"A":3`, ``)},
	{name: "documents with a value that is refused and written", rule: 3, option: func(o *Options) { o.Documents = true },
		alter: func(a *altered) {
			a.put = func(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
				err := a.reference.Put(ctx, collection, key, value, ttl)
				if err == nil && bytes.Contains(value, []byte("$date")) {
					return refusal("put", collection, key, core.ErrInvalidValue)
				}
				return err
			}
		}},
}
