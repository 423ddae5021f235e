package jsonscan

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"
)

func TestUnquote(t *testing.T) {
	tests := []struct{ body, want string }{
		{``, ""},
		{`plain`, "plain"},
		{`é世😀`, "é世😀"},
		{`\"\\\/\b\f\n\r\t`, "\"\\/\b\f\n\r\t"},
		{`a\u0041b\u00e9\u4E16`, "aAbé世"},
		{`\ud83d\ude00`, "😀"},
		{`\uD83D\uDE00!`, "😀!"},
		// Lone surrogates: the bytes they would have.
		{`\ud800`, "\xed\xa0\x80"},
		{`\udfff`, "\xed\xbf\xbf"},
		{`\ude00\ud83d`, "\xed\xb8\x80\xed\xa0\xbd"},
		{`\ud83dx`, "\xed\xa0\xbdx"},
		{`\ud83d\n`, "\xed\xa0\xbd\n"},
		{`\ud83d\u0041`, "\xed\xa0\xbdA"},
		{`\ud83d\ud83d\ude00`, "\xed\xa0\xbd😀"},
		{`\ud83d\\ude00`, "\xed\xa0\xbd\\ude00"},
	}
	for _, test := range tests {
		body := []byte(test.body)
		if got := AppendUnquoted([]byte("x"), body); string(got) != "x"+test.want {
			t.Errorf("%s: %q, want %q", test.body, got, test.want)
		}
		if !Equal(body, test.want) {
			t.Errorf("%s: not equal to %q", test.body, test.want)
		}
		if Equal(body, test.want+"x") || test.want != "" && Equal(body, test.want[1:]) ||
			test.want != "" && Equal(body, test.want[:len(test.want)-1]) {
			t.Errorf("%s: equal to another text", test.body)
		}
		if got := Escaped(body); got != bytes.ContainsRune(body, '\\') {
			t.Errorf("%s: escaped is %t", test.body, got)
		}
	}
}

func TestRune(t *testing.T) {
	body := []byte(`aé\n\u00e9\ud83d\ude00😀\ud800\"`)
	var got []rune
	for i := 0; i < len(body); {
		var r rune
		r, i = Rune(body, i)
		got = append(got, r)
	}
	if want := []rune{'a', 'é', '\n', 'é', '😀', '😀', 0xD800, '"'}; !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// FuzzUnquote compares with encoding/json, which replaces lone surrogates.
func FuzzUnquote(f *testing.F) {
	for _, body := range []string{``, `plain`, `é\u0041\n`, `\ud83d\ude00`, `\ud800`, `\ud800\ud800\udc00`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		quoted := append(append([]byte{'"'}, body...), '"')
		if end, err := String(quoted, 0); err != nil || end != len(quoted) {
			return
		}
		got := AppendUnquoted(nil, body)
		if len(got) > len(body) {
			t.Errorf("%q: text is longer than its body", body)
		}
		if !Equal(body, string(got)) {
			t.Errorf("%q: not equal to its own text %q", body, got)
		}
		var want string
		if err := json.Unmarshal(quoted, &want); err != nil {
			t.Fatal(err)
		}
		if utf8.Valid(got) {
			if string(got) != want {
				t.Errorf("%q: %q, want %q", body, got, want)
			}
		} else if Equal(body, want) {
			t.Errorf("%q: a lone surrogate equals its replacement", body)
		}
	})
}
