package jsonscan

import (
	"unicode/utf16"
	"unicode/utf8"
)

// The functions of this file take the body of a string: the bytes between the
// quotes of a string that was scanned without error. A lone surrogate, which
// UTF-8 has no bytes for, is given the three bytes that it would have. Such
// text is not valid UTF-8 and so differs from every legal name, and two texts
// that differ remain different; their byte order is that of their code points.

// AppendUnquoted appends the text that the body of a string stands for to dst
// and returns the extended slice. Text is never longer than its body.
func AppendUnquoted(dst, body []byte) []byte {
	for i := 0; i < len(body); {
		if end := unescaped(body, i); end > i {
			dst = append(dst, body[i:end]...)
			i = end
			continue
		}
		var r rune
		r, i = Rune(body, i)
		dst = appendRune(dst, r)
	}
	return dst
}

// Equal reports whether the body of a string stands for text.
// It does not allocate.
func Equal(body []byte, text string) bool {
	var buffer [utf8.UTFMax]byte
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			if text == "" || body[i] != text[0] {
				return false
			}
			i++
			text = text[1:]
			continue
		}
		var r rune
		r, i = Rune(body, i)
		encoded := appendRune(buffer[:0], r)
		if len(text) < len(encoded) || text[:len(encoded)] != string(encoded) {
			return false
		}
		text = text[len(encoded):]
	}
	return text == ""
}

// Escaped reports whether the body of a string holds an escape. A body without
// one is its own text.
func Escaped(body []byte) bool {
	return unescaped(body, 0) < len(body)
}

// Rune returns the code point that stands at body[i], plain or escaped, and
// the offset behind it. A pair of surrogates is one code point. A lone
// surrogate is returned as it is.
func Rune(body []byte, i int) (r rune, end int) {
	if body[i] != '\\' {
		r, size := utf8.DecodeRune(body[i:])
		return r, i + size
	}
	switch c := body[i+1]; c {
	case 'b':
		return '\b', i + 2
	case 'f':
		return '\f', i + 2
	case 'n':
		return '\n', i + 2
	case 'r':
		return '\r', i + 2
	case 't':
		return '\t', i + 2
	case 'u':
		r, i = unit(body, i), i+6
		if i < len(body)-5 && body[i] == '\\' && body[i+1] == 'u' {
			if pair := utf16.DecodeRune(r, unit(body, i)); pair != utf8.RuneError {
				return pair, i + 6
			}
		}
		return r, i
	default:
		return rune(c), i + 2
	}
}

// unit returns the number in the escape \uXXXX at body[i].
func unit(body []byte, i int) rune {
	r := rune(0)
	for _, c := range body[i+2 : i+6] {
		r = r<<4 | rune(hexadecimal[c])
	}
	return r
}

// unescaped returns the offset of the first backslash at or after i, or
// len(body).
func unescaped(body []byte, i int) int {
	for i < len(body) && body[i] != '\\' {
		i++
	}
	return i
}

// appendRune is [utf8.AppendRune] that also takes surrogates.
func appendRune(dst []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0xBF)
	}
	return utf8.AppendRune(dst, r)
}
