package managed

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

var moment = time.Date(2025, 1, 1, 12, 34, 56, 789, time.UTC)

func TestAppend(t *testing.T) {
	value := json.RawMessage(` { "b" : 1.0, "a" : 1 } `)
	tests := []struct {
		record Record
		want   string
	}{
		{Record{Entry: core.Entry{Value: value}}, `{"value": { "b" : 1.0, "a" : 1 } ,"version":1}`},
		{Record{}, `{"value":null,"version":1}`},
		{
			Record{"c", "k", "i", core.Entry{Value: json.RawMessage(`{}`), CreatedAt: moment, ExpiresAt: moment}},
			`{"collection":"c","created_at":"2025-01-01T12:34:56.000000+00:00",` +
				`"expires_at":"2025-01-01T12:34:56.000001+00:00","insert_id":"i","key":"k","value":{},"version":1}`,
		},
		{
			Record{Key: "\x00\x1f\"\\\b\f\n\r\t/<>&\x7fé\u2028😀", Entry: core.Entry{Value: json.RawMessage(`{}`)}},
			`{"key":"\u0000\u001f\"\\\b\f\n\r\t/<>&` + "\x7fé\u2028😀" + `","value":{},"version":1}`,
		},
		{
			Record{Key: "a\xffé\xed\xa0\x80\ufffd", Entry: core.Entry{Value: json.RawMessage(`{}`)}},
			`{"key":"a` + "\ufffdé\ufffd\ufffd\ufffd\ufffd" + `","value":{},"version":1}`,
		},
	}
	for _, test := range tests {
		if got := string(Append([]byte("x"), &test.record)); got != "x"+test.want {
			t.Errorf("got  %s\nwant x%s", got, test.want)
		}
		if got := Append(nil, &test.record); len(got) > size(&test.record) {
			t.Errorf("%s: %d bytes, measured before %d", got, len(got), size(&test.record))
		}
	}
}

func TestAppendAllocations(t *testing.T) {
	record := &Record{"coll\"ection", "k\x01\xff", "id", core.Entry{Value: json.RawMessage(`{"a":1}`), CreatedAt: moment, ExpiresAt: moment}}
	if n := testing.AllocsPerRun(100, func() { Append(nil, record) }); n != 1 {
		t.Errorf("%v allocations", n)
	}
	buffer := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { Append(buffer, record) }); n != 0 {
		t.Errorf("%v allocations into a buffer", n)
	}
}
