package managed

import "unicode/utf8"

// The names are quoted as encoding/json does without HTML escapes, except that
// only what JSON forbids is escaped.

// appendQuoted appends text as a JSON string to dst.
func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0 // of what is still to be copied
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, text[start:i]...)
				dst = append(dst, "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c < ' ' || c == '"' || c == '\\' {
			dst = append(dst, text[start:i]...)
			dst = appendEscape(dst, rune(c))
			start = i + 1
		}
		i++
	}
	dst = append(dst, text[start:]...)
	return append(dst, '"')
}

// quotedSize returns the number of bytes appendQuoted adds for text.
func quotedSize(text string) int {
	n := len(text) + len(`""`)
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				n += len("\ufffd") - 1
			}
			i += size
			continue
		}
		if shortEscape(rune(c)) != 0 {
			n++
		} else if c < ' ' {
			n += len(`\u0000`) - 1
		}
		i++
	}
	return n
}

const lowerHexadecimal = "0123456789abcdef"

// appendEscape appends the shortest escape of a code point up to U+FFFF,
// as Python writes it.
func appendEscape(dst []byte, r rune) []byte {
	if letter := shortEscape(r); letter != 0 {
		return append(dst, '\\', letter)
	}
	return append(dst, '\\', 'u',
		lowerHexadecimal[r>>12&15], lowerHexadecimal[r>>8&15], lowerHexadecimal[r>>4&15], lowerHexadecimal[r&15])
}

// shortEscape returns the letter of the two-byte escape of r, or zero where
// there is none. The escape of a slash is never needed.
func shortEscape(r rune) byte {
	switch r {
	case '"', '\\':
		return byte(r)
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	}
	return 0
}
