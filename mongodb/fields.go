package mongodb

import (
	"encoding/binary"
	"unicode/utf8"
)

// element is one field of a document. Its parts alias the document.
type element struct {
	kind byte
	name []byte
	data []byte
}

// fields takes a document apart, field by field. It reads no more than there
// is, whatever the document says.
type fields struct{ rest []byte }

// fieldsOf returns the fields of a document that takes all of data.
func fieldsOf(data []byte) (fields, error) {
	if len(data) < 5 || uint64(binary.LittleEndian.Uint32(data)) != uint64(len(data)) || data[len(data)-1] != 0 {
		return fields{}, errBSON
	}
	return fields{data[4 : len(data)-1]}, nil
}

// next returns the next field, and false behind the last one.
func (f *fields) next() (e element, more bool, err error) {
	if len(f.rest) == 0 {
		return element{}, false, nil
	}
	e.kind = f.rest[0]
	end := 1
	for end < len(f.rest) && f.rest[end] != 0 {
		end++
	}
	if end == len(f.rest) {
		return element{}, false, errBSON
	}
	e.name = f.rest[1:end]
	rest := f.rest[end+1:]
	size, err := sizeOf(e.kind, rest)
	if err != nil {
		return element{}, false, err
	}
	e.data, f.rest = rest[:size], rest[size:]
	return e, true, nil
}

// sizeOf returns how many bytes at the beginning of data a value of the type
// takes.
func sizeOf(kind byte, data []byte) (int, error) {
	size := uint64(0)
	switch kind {
	case typeNull, 0x06, 0xff, 0x7f: // undefined and the keys that sort first and last
	case typeBoolean:
		size = 1
	case typeInt32:
		size = 4
	case typeDouble, typeDate, typeInt64, 0x11: // a timestamp of the server's log
		size = 8
	case 0x07: // an object identifier
		size = 12
	case 0x13: // a decimal number
		size = 16
	case typeString, typeDocument, typeArray, typeBinary, 0x0c, 0x0d, 0x0e, 0x0f: // pointers, code, symbols
		if len(data) < 4 {
			return 0, errBSON
		}
		size = uint64(binary.LittleEndian.Uint32(data))
		switch kind {
		case typeDocument, typeArray, 0x0f:
			if size < 4 {
				return 0, errBSON
			}
		case typeBinary:
			size += 5
		case 0x0c:
			size += 16
		default:
			size += 4
		}
	case 0x0b: // a regular expression: two texts
		for zeros := 0; zeros < 2; size++ {
			if size == uint64(len(data)) {
				return 0, errBSON
			}
			if data[size] == 0 {
				zeros++
			}
		}
	default:
		return 0, errBSON
	}
	if size > uint64(len(data)) {
		return 0, errBSON
	}
	return int(size), nil
}

// text returns the text of a string.
func (e element) text() ([]byte, error) {
	if len(e.data) < 5 || e.data[len(e.data)-1] != 0 {
		return nil, errBSON
	}
	text := e.data[4 : len(e.data)-1]
	if !utf8.Valid(text) {
		return nil, errUTF8
	}
	return text, nil
}
