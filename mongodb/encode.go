package mongodb

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// checkValue refuses a value that MongoDB could not give back unchanged.
func checkValue(value json.RawMessage) error {
	w := newWriter()
	defer w.release()
	return w.value(value)
}

// value writes the document that a value becomes, in one pass over its text,
// which core.CheckValue has accepted. The error matches core.ErrInvalidValue or
// core.ErrTooLarge and repeats nothing of the value.
//
// No text is an instruction, whatever it looks like: `{"$date": 1}` becomes a
// document whose field is called $date.
func (w *writer) value(value json.RawMessage) error {
	e := encoder{text: value, out: w.data, limit: len(w.data) + maxBSON}
	err := e.object(MaxDepth)
	if err == nil && e.space() < len(e.text) {
		err = errSyntax
	}
	w.data = e.out
	return err
}

// maxBSON is the largest document that a value may become. A value that is as
// large as it may be and consists of one text fits.
const maxBSON = MaxValue + 1<<10

var (
	errSyntax     = invalidValue("it is not JSON")
	errDepth      = invalidValue(fmt.Sprintf("it is nested more than %d deep", MaxDepth))
	errInteger    = invalidValue("an integer has more than 64 bits")
	errNumber     = invalidValue("a number is beyond the largest double")
	errNameNUL    = invalidValue("the name of a member contains NUL")
	errTwice      = invalidValue("an object has two members of one name")
	errSurrogate  = invalidValue("a text escapes half of a surrogate pair")
	errLargerBSON = fmt.Errorf("%w: in BSON it exceeds %d bytes", core.ErrTooLarge, maxBSON)
)

func invalidValue(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidValue, reason)
}

// encoder turns the text of JSON into BSON.
type encoder struct {
	text  []byte
	next  int // of the text
	out   []byte
	limit int   // of the length of out
	names []int // where the names of the open objects begin in out
}

// space skips white space and returns where the text goes on.
func (e *encoder) space() int {
	for e.next < len(e.text) {
		switch e.text[e.next] {
		case ' ', '\t', '\n', '\r':
			e.next++
		default:
			return e.next
		}
	}
	return e.next
}

// skip skips white space and one of the characters, and returns which one it
// was: 0 for another.
func (e *encoder) skip(characters string) byte {
	if i := e.space(); i < len(e.text) {
		if c := e.text[i]; strings.IndexByte(characters, c) >= 0 {
			e.next++
			return c
		}
	}
	return 0
}

func (e *encoder) object(depth int) error {
	if e.skip("{") == 0 {
		return errSyntax
	}
	if depth == 0 {
		return errDepth
	}
	start, first := e.begin(), len(e.names)
	for separator := e.skip("}"); separator != '}'; {
		kind := len(e.out)
		e.out = append(e.out, 0)
		e.names = append(e.names, len(e.out))
		if e.skip(`"`) == 0 {
			return errSyntax
		}
		if err := e.characters(); err != nil {
			return err
		}
		if bytes.IndexByte(e.out[kind+1:], 0) >= 0 {
			return errNameNUL
		}
		e.out = append(e.out, 0)
		if e.skip(":") == 0 {
			return errSyntax
		}
		if err := e.element(kind, depth); err != nil {
			return err
		}
		if separator = e.skip(",}"); separator == 0 {
			return errSyntax
		}
	}
	if e.repeats(e.names[first:]) {
		return errTwice
	}
	e.names = e.names[:first]
	e.end(start)
	return nil
}

// array writes a document whose names are the numbers of the elements.
func (e *encoder) array(depth int) error {
	e.next++ // the bracket
	if depth == 0 {
		return errDepth
	}
	start, number := e.begin(), int64(0)
	for separator := e.skip("]"); separator != ']'; number++ {
		kind := len(e.out)
		e.out = append(e.out, 0)
		e.out = append(strconv.AppendInt(e.out, number, 10), 0)
		if err := e.element(kind, depth); err != nil {
			return err
		}
		if separator = e.skip(",]"); separator == 0 {
			return errSyntax
		}
	}
	e.end(start)
	return nil
}

func (e *encoder) begin() (start int) {
	e.out = append(e.out, 0, 0, 0, 0)
	return len(e.out) - 4
}

func (e *encoder) end(start int) {
	e.out = append(e.out, 0)
	binary.LittleEndian.PutUint32(e.out[start:], uint32(len(e.out)-start))
}

// element writes a value and notes its type, which BSON has before the name.
func (e *encoder) element(kind, depth int) error {
	if len(e.out) > e.limit {
		return errLargerBSON
	}
	i := e.space()
	if i == len(e.text) {
		return errSyntax
	}
	switch c := e.text[i]; c {
	case '{':
		e.out[kind] = typeDocument
		return e.object(depth - 1)
	case '[':
		e.out[kind] = typeArray
		return e.array(depth - 1)
	case '"':
		e.out[kind] = typeString
		e.next++
		return e.string()
	case 't', 'f', 'n':
		return e.word(kind, c)
	}
	return e.number(kind)
}

func (e *encoder) word(kind int, first byte) error {
	word := map[byte]string{'t': "true", 'f': "false", 'n': "null"}[first]
	if !bytes.HasPrefix(e.text[e.next:], []byte(word)) {
		return errSyntax
	}
	e.next += len(word)
	switch e.out[kind] = typeBoolean; first {
	case 't':
		e.out = append(e.out, 1)
	case 'f':
		e.out = append(e.out, 0)
	default:
		e.out[kind] = typeNull
	}
	return nil
}

// string writes a text, before which BSON has its length.
func (e *encoder) string() error {
	start := e.begin()
	if err := e.characters(); err != nil {
		return err
	}
	e.out = append(e.out, 0)
	binary.LittleEndian.PutUint32(e.out[start:], uint32(len(e.out)-start-4))
	return nil
}

// repeats reports whether two of the names are equal. It may change their order.
func (e *encoder) repeats(names []int) bool {
	const few = 12
	if len(names) <= few {
		for i, a := range names {
			for _, b := range names[:i] {
				if bytes.Equal(e.nameAt(a), e.nameAt(b)) {
					return true
				}
			}
		}
		return false
	}
	slices.SortFunc(names, func(a, b int) int { return bytes.Compare(e.nameAt(a), e.nameAt(b)) })
	for i, b := range names[1:] {
		if bytes.Equal(e.nameAt(names[i]), e.nameAt(b)) {
			return true
		}
	}
	return false
}

// nameAt returns the name that begins there in out.
func (e *encoder) nameAt(start int) []byte {
	return e.out[start : start+bytes.IndexByte(e.out[start:], 0)]
}
