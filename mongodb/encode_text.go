package mongodb

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// characters writes the rest of a JSON string with its escapes resolved.
func (e *encoder) characters() error {
	for {
		rest := e.text[e.next:]
		end := bytes.IndexByte(rest, '"')
		if end < 0 {
			return errSyntax
		}
		escape := bytes.IndexByte(rest[:end], '\\')
		if escape < 0 {
			e.out = append(e.out, rest[:end]...)
			e.next += end + 1
			return nil
		}
		e.out = append(e.out, rest[:escape]...)
		e.next += escape + 1
		if err := e.escape(); err != nil {
			return err
		}
	}
}

// escape writes the character that an escape stands for, whose backslash was
// read.
func (e *encoder) escape() error {
	if e.next >= len(e.text) {
		return errSyntax
	}
	c := e.text[e.next]
	e.next++
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return e.codePoint()
	default:
		return errSyntax
	}
	e.out = append(e.out, c)
	return nil
}

// codePoint writes the character of an escape with four digits, or of two such
// escapes which are a surrogate pair.
func (e *encoder) codePoint() error {
	r, ok := e.digits()
	if !ok {
		return errSyntax
	}
	if utf16.IsSurrogate(r) {
		if !bytes.HasPrefix(e.text[e.next:], []byte(`\u`)) {
			return errSurrogate
		}
		e.next += 2
		low, ok := e.digits()
		if !ok {
			return errSyntax
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return errSurrogate
		}
	}
	e.out = utf8.AppendRune(e.out, r)
	return nil
}

// digits reads four hexadecimal digits.
func (e *encoder) digits() (rune, bool) {
	if len(e.text)-e.next < 4 {
		return 0, false
	}
	r := rune(0)
	for _, c := range e.text[e.next : e.next+4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	e.next += 4
	return r, true
}

// number writes an integer as the smaller type that holds it, as Python does,
// and any other number as the nearest double.
func (e *encoder) number(kind int) error {
	start, integer := e.next, true
scan:
	for ; e.next < len(e.text); e.next++ {
		switch c := e.text[e.next]; {
		case '0' <= c && c <= '9' || c == '-' || c == '+':
		case c == '.' || c == 'e' || c == 'E':
			integer = false
		default:
			break scan
		}
	}
	text := e.text[start:e.next]
	if !integer {
		f, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			return numberError(err, errNumber)
		}
		e.out[kind] = typeDouble
		e.out = binary.LittleEndian.AppendUint64(e.out, math.Float64bits(f))
		return nil
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	switch {
	case err != nil:
		return numberError(err, errInteger)
	case int64(int32(n)) == n:
		e.out[kind] = typeInt32
		e.out = binary.LittleEndian.AppendUint32(e.out, uint32(n))
	default:
		e.out[kind] = typeInt64
		e.out = binary.LittleEndian.AppendUint64(e.out, uint64(n))
	}
	return nil
}

// numberError returns the error for a number that strconv refuses.
func numberError(err, tooLarge error) error {
	if err.(*strconv.NumError).Err == strconv.ErrRange {
		return tooLarge
	}
	return errSyntax
}
