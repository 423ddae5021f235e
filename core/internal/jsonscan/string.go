package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// Each of these holds one byte eight times.
const (
	ones      = 0x0101010101010101
	spaces    = ones * ' '
	quotes    = ones * '"'
	backslash = ones * '\\'
	highBits  = ones * 0x80
)

// scanString scans the rest of a string whose opening quote is before data[i],
// and returns the offset behind the closing quote.
func scanString(data []byte, i int) (int, reason) {
	for {
		i = plain(data, i)
		if i >= len(data) {
			return i, unexpectedEnd
		}
		switch c := data[i]; {
		case c == '"':
			return i + 1, fine
		case c >= 0x80:
			for {
				size := multibyte(data, i)
				if size == 0 {
					return i, badEncoding
				}
				i += size
				if i >= len(data) || data[i] < 0x80 {
					break
				}
			}
		case c == '\\':
			size, bad := escape(data, i)
			if size == 0 {
				return bad, at(data, bad, badEscape)
			}
			i += size
		default:
			return i, controlCharacter
		}
	}
}

// plain returns the offset of the first byte at or after i that is not
// printable ASCII or that is a quote or a backslash.
func plain(data []byte, i int) int {
	for i+8 <= len(data) {
		x := binary.LittleEndian.Uint64(data[i:])
		// The high bit of a byte becomes set where the byte is below a space,
		// equals a quote or a backslash, or had it set. A subtraction borrows
		// from the next byte only where it has set the bit of this one, so the
		// lowest bit set is always right.
		hit := ((x - spaces) | ((x ^ quotes) - ones) | ((x ^ backslash) - ones) | x) & highBits
		if hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
		i += 8
	}
	for i < len(data) && data[i] >= ' ' && data[i] < 0x80 && data[i] != '"' && data[i] != '\\' {
		i++
	}
	return i
}

// escape returns the size of the escape whose backslash is data[i], or zero
// and the offset of the byte that makes it none. The surrogates of a pair are
// two escapes.
func escape(data []byte, i int) (size, bad int) {
	if i+1 >= len(data) {
		return 0, i + 1
	}
	switch data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, 0
	case 'u':
		for n := i + 2; n < i+6; n++ {
			if n >= len(data) || hexadecimal[data[n]] < 0 {
				return 0, n
			}
		}
		return 6, 0
	}
	return 0, i + 1
}

// multibyte returns the size of the UTF-8 sequence at data[i], which is not
// ASCII, or zero where it is none: too long, a surrogate, beyond U+10FFFF.
func multibyte(data []byte, i int) int {
	rest := data[i:]
	switch c := rest[0]; {
	case c < 0xC2:
		return 0
	case c < 0xE0:
		if len(rest) > 1 && rest[1]&0xC0 == 0x80 {
			return 2
		}
	case c < 0xF0:
		if len(rest) > 2 && rest[1]&0xC0 == 0x80 && rest[2]&0xC0 == 0x80 &&
			(c != 0xE0 || rest[1] >= 0xA0) && (c != 0xED || rest[1] < 0xA0) {
			return 3
		}
	case c < 0xF5:
		if len(rest) > 3 && rest[1]&0xC0 == 0x80 && rest[2]&0xC0 == 0x80 && rest[3]&0xC0 == 0x80 &&
			(c != 0xF0 || rest[1] >= 0x90) && (c != 0xF4 || rest[1] < 0x90) {
			return 4
		}
	}
	return 0
}

// hexadecimal holds the value of each hexadecimal digit and -1 for every
// other byte.
var hexadecimal = func() (table [256]int8) {
	for c := range table {
		switch {
		case '0' <= c && c <= '9':
			table[c] = int8(c - '0')
		case 'a' <= c && c <= 'f':
			table[c] = int8(c - 'a' + 10)
		case 'A' <= c && c <= 'F':
			table[c] = int8(c - 'A' + 10)
		default:
			table[c] = -1
		}
	}
	return table
}()
