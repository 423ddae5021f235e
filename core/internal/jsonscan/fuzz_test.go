package jsonscan

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzScan holds the scanner to encoding/json: it accepts the same texts,
// apart from those that are not valid UTF-8.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a":[1,-2.5e+3,true,false,null,"x"]}`, ` { "a" : { } } `, `{"a":1,}`, `[01]`,
		`{"s":"\ud800\u0041é😀` + "\x7f" + `"}`, "\"\x80\"", `"\u12g4"`, `nul`, `-`, `1e400`, "\ufeff{}",
		strings.Repeat("[", 70) + strings.Repeat("]", 70),
		strings.Repeat(`{"":[`, 70) + strings.Repeat("]}", 70),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want := json.Valid(data) && utf8.Valid(data)
		end, err := Value(data, Space(data, 0), MaxDepth)
		got := err == nil && Space(data, end) == len(data)
		if got != want {
			t.Fatalf("accepted is %t, want %t: %v", got, want, err)
		}
		if syntax, ok := err.(*SyntaxError); ok && (syntax.Offset < 0 || syntax.Offset > len(data)) {
			t.Errorf("error at byte %d of %d", syntax.Offset, len(data))
		}
		start := Space(data, 0)
		object := want && data[start] == '{'
		if err := Object(data, MaxDepth); (err == nil) != object {
			t.Errorf("Object: %v, want accepted %t", err, object)
		}
	})
}
