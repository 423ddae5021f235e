package mongodb

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// corrupt returns an error that matches core.ErrCorrupt. The reason repeats
// nothing of the document.
func corrupt(reason string) error { return fmt.Errorf("%w: %s", core.ErrCorrupt, reason) }

var (
	errBSON       = corrupt("it is not BSON")
	errDeep       = corrupt("it is nested too deep")
	errUTF8       = corrupt("a text is not valid UTF-8")
	errNotANumber = corrupt("a number is infinite or none")
	errLongDate   = corrupt("a date is beyond the year 9999")
	errBinary     = corrupt("binary data are of a subtype that has no JSON")
)

// appendObject appends the JSON of a document.
func appendObject(dst, data []byte, depth int) ([]byte, error) {
	return appendFields(dst, data, depth, '{')
}

func appendFields(dst, data []byte, depth int, bracket byte) ([]byte, error) {
	if depth == 0 {
		return dst, errDeep
	}
	f, err := fieldsOf(data)
	if err != nil {
		return dst, err
	}
	dst = append(dst, bracket)
	for first := true; ; first = false {
		e, more, err := f.next()
		if err != nil {
			return dst, err
		}
		if !more {
			return append(dst, bracket+2), nil // } or ]
		}
		if !first {
			dst = append(dst, ',')
		}
		if bracket == '{' {
			if !utf8.Valid(e.name) {
				return dst, errUTF8
			}
			dst = append(appendQuoted(dst, e.name), ':')
		}
		if dst, err = e.append(dst, depth); err != nil {
			return dst, err
		}
	}
}

// append appends the JSON of a value. Dates and binary data, which the Python
// library lets into values, are texts; what has no counterpart is an error.
func (e element) append(dst []byte, depth int) ([]byte, error) {
	switch e.kind {
	case typeDocument:
		return appendFields(dst, e.data, depth-1, '{')
	case typeArray:
		return appendFields(dst, e.data, depth-1, '[')
	case typeString:
		text, err := e.text()
		return appendQuoted(dst, text), err
	case typeInt32:
		return strconv.AppendInt(dst, int64(int32(binary.LittleEndian.Uint32(e.data))), 10), nil
	case typeInt64:
		return strconv.AppendInt(dst, int64(binary.LittleEndian.Uint64(e.data)), 10), nil
	case typeDouble:
		return appendDouble(dst, math.Float64frombits(binary.LittleEndian.Uint64(e.data)))
	case typeBoolean:
		return strconv.AppendBool(dst, e.data[0] != 0), nil
	case typeNull:
		return append(dst, "null"...), nil
	case typeDate:
		return appendDate(dst, e.time())
	case typeBinary:
		if e.data[4] != 0 {
			return dst, errBinary
		}
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, e.data[5:])
		return append(dst, '"'), nil
	}
	return dst, corrupt(fmt.Sprintf("BSON's type 0x%02x has no JSON", e.kind))
}

// time returns the time of a date.
func (e element) time() time.Time {
	return time.UnixMilli(int64(binary.LittleEndian.Uint64(e.data))).UTC()
}

// appendDouble appends a number so that it is read as one with a fraction, as
// Python prints it: 1.0, 1e+16, 1e-05.
func appendDouble(dst []byte, f float64) ([]byte, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return dst, errNotANumber
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.AppendFloat(dst, f, 'e', -1, 64), nil
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	if slices.Contains(dst[start:], '.') {
		return dst, nil
	}
	return append(dst, ".0"...), nil
}

// appendDate appends a date as the Python library prints one.
func appendDate(dst []byte, t time.Time) ([]byte, error) {
	if t.Year() < 1 || t.Year() > 9999 {
		return dst, errLongDate
	}
	layout := `"2006-01-02T15:04:05+00:00"`
	if t.Nanosecond() != 0 {
		layout = `"2006-01-02T15:04:05.000000+00:00"`
	}
	return t.AppendFormat(dst, layout), nil
}
