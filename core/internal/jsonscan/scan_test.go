package jsonscan

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestObject has each reason for which text is refused, with the offset.
func TestObject(t *testing.T) {
	tests := []struct {
		text   string
		offset int // of the error; -1: there is none
		reason reason
	}{
		{`{}`, -1, fine},
		{" \t\r\n{ \n} \t\r\n", -1, fine},
		{`{"a":1,"b":[],"c":{},"d":[1,"x",null,true,false,{"":0}]}`, -1, fine},
		{`{ "a" : [ 1 , 2 ] , "b" : { "c" : "d" } }`, -1, fine},
		{`{"n":[0,-0,10,-1.5,1e5,1E+5,1.25e-7,1e400]}`, -1, fine},
		{`{"s":"\"\\\/\b\f\n\r\t\u0041\uD83d\uDe00\ud800"}`, -1, fine},
		{"{\"s\":\"\x7f é 世界 😀 \u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff\"}", -1, fine},
		{`{"a":1,"a":2}`, -1, fine},

		{``, 0, unexpectedEnd},
		{`  `, 2, unexpectedEnd},
		{`[]`, 0, notObject},
		{` null`, 1, notObject},
		{"\ufeff{}", 0, notObject},
		{`{} {}`, 3, trailing},
		{"{}\x00", 2, trailing},

		{`{`, 1, unexpectedEnd},
		{`{ `, 2, unexpectedEnd},
		{`{'a':1}`, 1, notName},
		{`{,}`, 1, notName},
		{`{"a":1,}`, 7, notName},
		{`{"a":1, }`, 8, notName},
		{`{"a":1,`, 7, unexpectedEnd},
		{`{"a`, 3, unexpectedEnd},
		{`{"a"`, 4, unexpectedEnd},
		{`{"a" `, 5, unexpectedEnd},
		{`{"a" 1}`, 5, notColon},
		{`{"a":`, 5, unexpectedEnd},
		{`{"a":}`, 5, notValue},
		{`{"a":1`, 6, unexpectedEnd},
		{`{"a":1]`, 6, notCommaOrBrace},
		{`{"a":1 "b"`, 7, notCommaOrBrace},

		{`{"a":[`, 6, unexpectedEnd},
		{`{"a":[,]}`, 6, notValue},
		{`{"a":[1,]}`, 8, notValue},
		{`{"a":[1}`, 7, notCommaOrBracket},
		{`{"a":[1 2]}`, 8, notCommaOrBracket},

		{`{"a":NaN}`, 5, notValue},
		{`{"a":nan}`, 6, notValue},
		{`{"a":Infinity}`, 5, notValue},
		{`{"a":-Infinity}`, 6, notNumber},
		{`{"a":tru}`, 8, notValue},
		{`{"a":fals`, 9, unexpectedEnd},
		{`{"a":nul`, 8, unexpectedEnd},
		{`{"a":True}`, 5, notValue},

		{`{"a":-`, 6, unexpectedEnd},
		{`{"a":-x}`, 6, notNumber},
		{`{"a":01}`, 6, notCommaOrBrace},
		{`{"a":+1}`, 5, notValue},
		{`{"a":.5}`, 5, notValue},
		{`{"a":1.}`, 7, notNumber},
		{`{"a":1.`, 7, unexpectedEnd},
		{`{"a":1e}`, 7, notNumber},
		{`{"a":1e+}`, 8, notNumber},
		{`{"a":1e+`, 8, unexpectedEnd},
		{`{"a":0x1}`, 6, notCommaOrBrace},

		{"{\"a\tb\":1}", 3, controlCharacter},
		{"{\"a\":\"12345678\x1f\"}", 14, controlCharacter},
		{"{\"a\":\"\x00", 6, controlCharacter},
		{`{"a":"\x"}`, 7, badEscape},
		{`{"a":"\u12g4"}`, 10, badEscape},
		{`{"a":"\`, 7, unexpectedEnd},
		{`{"a":"\u12`, 10, unexpectedEnd},

		{"{\"a\":\"\x80\"}", 6, badEncoding},
		{"{\"a\":\"\xc1\xbf\"}", 6, badEncoding},
		{"{\"a\":\"\xc3\"}", 6, badEncoding},
		{"{\"a\":\"\xe0\x9f\xbf\"}", 6, badEncoding},
		{"{\"a\":\"\xed\xa0\x80\"}", 6, badEncoding},
		{"{\"a\":\"\xe4\xb8\"}", 6, badEncoding},
		{"{\"a\":\"\xf0\x8f\xbf\xbf\"}", 6, badEncoding},
		{"{\"a\":\"\xf4\x90\x80\x80\"}", 6, badEncoding},
		{"{\"a\":\"\xf0\x9f\x98\"}", 6, badEncoding},
		{"{\"a\":\"\xf5\x80\x80\x80\"}", 6, badEncoding},
		{"{\"a\":\"é\xff\"}", 8, badEncoding},
		{"{\"a\":\"\xe4", 6, badEncoding},
	}
	for _, test := range tests {
		err := Object([]byte(test.text), MaxDepth)
		if test.offset < 0 {
			if err != nil {
				t.Errorf("%q: %v", test.text, err)
			}
			continue
		}
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: error is %v", test.text, err)
		} else if syntax.Offset != test.offset || syntax.reason != test.reason {
			t.Errorf("%q: %v; want %s at byte %d", test.text, err, reasons[test.reason], test.offset)
		}
	}
}

// TestOffsetsInStrings puts each special byte at each place of two words of
// eight bytes: the fast path must find the first one.
func TestOffsetsInStrings(t *testing.T) {
	for place := range 20 {
		for _, special := range []string{`"`, `\`, "\x1f", "\x80", "\x00", "\xff"} {
			for follow := range 12 {
				text := []byte(`"` + strings.Repeat("~", place) + special + strings.Repeat(special, follow))
				if got := plain(text, 1); got != 1+place {
					t.Fatalf("%q: plain text ends at %d, want %d", text, got, 1+place)
				}
			}
		}
	}
}

// TestEveryByteInStrings compares every pair of bytes with encoding/json.
func TestEveryByteInStrings(t *testing.T) {
	text := []byte(`{"a":"1234xx78"}`)
	for first := range 256 {
		for second := range 256 {
			text[10], text[11] = byte(first), byte(second)
			want := json.Valid(text) && utf8.Valid(text)
			if got := Object(text, MaxDepth) == nil; got != want {
				t.Fatalf("%q: accepted is %t, want %t", text, got, want)
			}
		}
	}
}

func TestDepth(t *testing.T) {
	nested := func(depth int) []byte {
		var text strings.Builder
		for level := range depth {
			if level%3 == 0 {
				text.WriteString(`{"k":`)
			} else {
				text.WriteString(`[1,`)
			}
		}
		text.WriteString(`0`)
		for level := depth - 1; level >= 0; level-- {
			if level%3 == 0 {
				text.WriteString(`}`)
			} else {
				text.WriteString(`,2]`)
			}
		}
		return []byte(text.String())
	}
	for _, limit := range []int{1, 2, 63, 64, 65, 127, 128, 129, 192, 1000, MaxDepth} {
		if err := Object(nested(limit), limit); err != nil {
			t.Errorf("depth %d of %d: %v", limit, limit, err)
		}
		var syntax *SyntaxError
		if err := Object(nested(limit+1), limit); !errors.As(err, &syntax) || syntax.reason != tooDeep {
			t.Errorf("depth %d of %d: %v", limit+1, limit, err)
		}
	}
	if err := Object(nested(MaxDepth+1), MaxDepth*2); err == nil {
		t.Error("MaxDepth is exceeded")
	}
	if !json.Valid(nested(MaxDepth)) || json.Valid(nested(MaxDepth+1)) {
		t.Error("MaxDepth is not the limit of encoding/json")
	}
	// The kind of each bracket must survive the way to the spilled words and
	// back.
	for _, depth := range []int{65, 130, 1000} {
		text := nested(depth)
		for i := range text {
			wrong := append([]byte(nil), text...)
			switch wrong[i] {
			case ']':
				wrong[i] = '}'
			case '}':
				wrong[i] = ']'
			default:
				continue
			}
			if Object(wrong, MaxDepth) == nil {
				t.Fatalf("depth %d: wrong bracket at byte %d is accepted", depth, i)
			}
		}
	}
}

func TestValue(t *testing.T) {
	text := `x [1, {"a": "b"}] tail`
	end, err := Value([]byte(text), 2, MaxDepth)
	if err != nil || text[2:end] != `[1, {"a": "b"}]` {
		t.Errorf("Value ends at %d, %v", end, err)
	}
	if _, err := Value([]byte(text), 0, MaxDepth); err == nil {
		t.Error("no value is accepted")
	}
	if _, err := Value([]byte("[]"), 0, 0); err == nil {
		t.Error("depth 1 is accepted where 0 is allowed")
	}
	if end, err := Value([]byte("12"), 0, 0); err != nil || end != 2 {
		t.Errorf("a number is refused at depth 0: %v", err)
	}
}

func TestMemberAndString(t *testing.T) {
	text := []byte(`{"na\"me" : 1}`)
	nameEnd, value, err := Member(text, 1)
	if err != nil || nameEnd != 9 || value != 12 {
		t.Errorf("Member is %d, %d, %v", nameEnd, value, err)
	}
	var syntax *SyntaxError
	if _, _, err := Member(text, 0); !errors.As(err, &syntax) || syntax.Offset != 0 {
		t.Errorf("Member on no name: %v", err)
	}
	if end, err := String(text, 1); err != nil || end != 9 {
		t.Errorf("String ends at %d, %v", end, err)
	}
	if _, err := String(text, 0); err == nil {
		t.Error("String on no string")
	}
	if _, err := String(text, len(text)); err == nil || !strings.Contains(err.Error(), "unexpected end of JSON at byte 14") {
		t.Errorf("String behind the text: %v", err)
	}
}

// TestErrorsKeepSecrets checks that no error repeats the text.
func TestErrorsKeepSecrets(t *testing.T) {
	text := `{"hunter":"hunter",hunter}`
	for end := range len(text) {
		if err := Object([]byte(text[:end]), MaxDepth); strings.Contains(err.Error(), "hunt") {
			t.Errorf("error repeats the text: %v", err)
		}
	}
}

func TestAllocations(t *testing.T) {
	text := []byte(`{"a":` + strings.Repeat("[", 2000) + `"é\n"` + strings.Repeat("]", 2000) + `}`)
	if n := testing.AllocsPerRun(100, func() { _ = Object(text, MaxDepth) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
