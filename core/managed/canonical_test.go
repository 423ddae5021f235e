package managed

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// TestCanonicalValues has values and what json.dumps of Python 3.11 writes for
// what json.loads read, with sort_keys.
func TestCanonicalValues(t *testing.T) {
	tests := []struct{ value, want string }{
		{` { } `, `{}`},
		{`{"a":[ ]}`, `{"a": []}`},
		{`{"b":[1,{"d":1,"c":2}],"a":{"f":{},"e":[[]]}}`, `{"a": {"e": [[]], "f": {}}, "b": [1, {"c": 2, "d": 1}]}`},
		{`{"t":true,"f":false,"n":null}`, `{"f": false, "n": null, "t": true}`},

		// Numbers.
		{`{"a":[0,-0,-1,123456789012345678901234567890]}`, `{"a": [0, 0, -1, 123456789012345678901234567890]}`},
		{`{"a":[0.0,-0.0,0e5,-0E-3,1e-400,-1e-400]}`, `{"a": [0.0, -0.0, 0.0, -0.0, 0.0, -0.0]}`},
		{`{"a":[1E5,1.10,100.0,1e15,1e16,1e+22,1e23]}`, `{"a": [100000.0, 1.1, 100.0, 1000000000000000.0, 1e+16, 1e+22, 1e+23]}`},
		{`{"a":[0.0001,0.00009999,1e-5,1.5E-7]}`, `{"a": [0.0001, 9.999e-05, 1e-05, 1.5e-07]}`},
		{`{"a":[9999999999999998.0,9999999999999999.5,12345678901234567.0]}`, `{"a": [9999999999999998.0, 1e+16, 1.2345678901234568e+16]}`},
		{`{"a":[5e-324,2.4703282292062327e-324,1.7976931348623158e308]}`, `{"a": [5e-324, 0.0, 1.7976931348623157e+308]}`},
		{`{"a":0.1000000000000000055511151231257827}`, `{"a": 0.1}`},

		// Text.
		{`{"a":"\/\u0041\u00E9é\u007f` + "\x7f" + `"}`, `{"a": "/A\u00e9\u00e9\u007f\u007f"}`},
		{`{"a":"\"\\\b\f\n\r\t\u0008\u000c\u000a\u000d\u0009\u0022\u005c\u0000"}`, `{"a": "\"\\\b\f\n\r\t\b\f\n\r\t\"\\\u0000"}`},
		{`{"a":"😀\uD83D\uDE00\uffff` + "\U0010ffff" + `"}`, `{"a": "\ud83d\ude00\ud83d\ude00\uffff\udbff\udfff"}`},
		{`{"a":"\uD800x\uDC00\uD800"}`, `{"a": "\ud800x\udc00\ud800"}`},

		// Order is that of code points, and the last of the same name counts.
		{`{"\uffff":1,"😀":2,"é":3,"z":4,"\ud800":5,"\ue000":6}`, `{"z": 4, "\u00e9": 3, "\ud800": 5, "\ue000": 6, "\uffff": 1, "\ud83d\ude00": 2}`},
		{`{"a":1,"a":2}`, `{"a": 2}`},
		{`{"b":1,"a":2,"\u0062":3,"a":4,"b":{"y":1,"x":2}}`, `{"a": 4, "b": {"x": 2, "y": 1}}`},
		{`{"a":1e400,"a":1}`, `{"a": 1}`},
		{`{"ab":1,"a":2,"":3}`, `{"": 3, "a": 2, "ab": 1}`},
	}
	for _, test := range tests {
		want := `x{"value": ` + test.want + `, "version": 1}`
		got, err := AppendCanonical([]byte("x"), &Record{Entry: core.Entry{Value: json.RawMessage(test.value)}})
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", test.value, err, got, want)
		}
	}
}

func TestCanonicalRecord(t *testing.T) {
	record := &Record{"c\"é", "\x00😀\xff", "id", core.Entry{Value: json.RawMessage(`{}`), CreatedAt: moment, ExpiresAt: moment}}
	const want = `{"collection": "c\"\u00e9", "created_at": "2025-01-01T12:34:56+00:00", ` +
		`"expires_at": "2025-01-01T12:34:56.000001+00:00", "insert_id": "id", "key": "\u0000\ud83d\ude00\ufffd", "value": {}, "version": 1}`
	got, err := AppendCanonical(nil, record)
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}

func TestCanonicalErrors(t *testing.T) {
	tests := []struct{ value, want string }{
		{`{"a":1e400}`, "a number is beyond the range of floating point"},
		{`{"b":[{"a":-1.8e308}],"a":1}`, "a number is beyond the range of floating point"},
		{`{"a":` + strings.Repeat("1", 4301) + `}`, "a whole number has more than 4300 digits"},
		{`{"a":-` + strings.Repeat("1", 4301) + `}`, "a whole number has more than 4300 digits"},
		{`[]`, ""},
		{``, ""},
		{`{"a":NaN}`, ""},
		{`{"a":1} x`, ""},
		{string(nested(core.MaxDepth)), ""},
	}
	for _, test := range tests {
		got, err := AppendCanonical([]byte("x"), &Record{Entry: core.Entry{Value: json.RawMessage(test.value)}})
		if !errors.Is(err, core.ErrInvalidValue) || !strings.HasPrefix(err.Error(), "invalid value: "+test.want) {
			t.Errorf("%.40s: error %v", test.value, err)
		}
		if string(got) != "x" {
			t.Errorf("%.40s: dst is %.40q", test.value, got)
		}
	}
	for _, value := range []string{`{"a":-` + strings.Repeat("1", 4300) + `}`, string(nested(core.MaxDepth - 1))} {
		if _, err := AppendCanonical(nil, &Record{Entry: core.Entry{Value: json.RawMessage(value)}}); err != nil {
			t.Errorf("%.40s: %v", value, err)
		}
	}
}
