package core_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestEntryZero(t *testing.T) {
	var none core.Entry
	if none.Found() || none.Expired() || none.ExpiredAt(time.Now()) {
		t.Error("the zero Entry was found or expired")
	}
	if remaining, expires := none.TTL(); remaining != core.NoTTL || expires {
		t.Errorf("TTL = %v, %v", remaining, expires)
	}
	if err := none.Decode(new(any)); err != core.ErrNotFound {
		t.Errorf("Decode = %v, want ErrNotFound", err)
	}
}

func TestEntryExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(time.Second)
		entry := core.Entry{Value: json.RawMessage(`{}`), ExpiresAt: at}
		if remaining, expires := entry.TTL(); remaining != time.Second || !expires {
			t.Errorf("TTL = %v, %v", remaining, expires)
		}
		if entry.Expired() || entry.ExpiredAt(at.Add(-1)) {
			t.Error("expired before its time")
		}
		if !entry.ExpiredAt(at) {
			t.Error("not expired at its time")
		}
		time.Sleep(time.Second)
		if remaining, _ := entry.TTL(); !entry.Expired() || remaining != 0 {
			t.Errorf("a second later: Expired = %v, TTL = %v", entry.Expired(), remaining)
		}
	})
}

// refusing refuses to be decoded, with an error that repeats its input.
type refusing struct{}

func (*refusing) UnmarshalJSON(text []byte) error { return fmt.Errorf("refused %s", text) }

func TestEntryDecode(t *testing.T) {
	entry := core.Entry{Value: json.RawMessage(`{"name":"canary","age":36}`)}
	var person struct {
		Name string
		Age  int
	}
	if err := entry.Decode(&person); err != nil || person.Name != "canary" || person.Age != 36 {
		t.Errorf("Decode = %v, %v", person, err)
	}
	for name, c := range map[string]struct {
		value  string
		target any
		want   string
	}{
		"type":    {`{"name":"canary"}`, new(struct{ Name int }), "a JSON string does not fit Go type int of field Name"},
		"number":  {`{"age":987654321}`, new(struct{ Age int8 }), "a JSON number does not fit Go type int8 of field Age"},
		"root":    {`{"name":"canary"}`, new(int), "a JSON object does not fit Go type int"},
		"syntax":  {`{"name":canary}`, new(any), "not valid JSON"},
		"pointer": {`{}`, 0, "the target is not a pointer"},
		"refusal": {`{"name":"canary"}`, new(refusing), "the target refused it"},
	} {
		t.Run(name, func(t *testing.T) {
			err := core.Entry{Value: json.RawMessage(c.value)}.Decode(c.target)
			if !errors.Is(err, core.ErrInvalidValue) || !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("error = %v, want ErrInvalidValue: %s", err, c.want)
			}
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "987654321") {
				t.Errorf("the error repeats the value: %v", err)
			}
		})
	}
}
