package managed

import (
	"bytes"
	"math"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// text writes the body of a string as json.dumps of Python does: printable
// ASCII as it is, all else escaped, beyond U+FFFF as a pair of surrogates.
func (c *canonical) text(body []byte) {
	c.dst = append(c.dst, '"')
	for i := 0; i < len(body); {
		if b := body[i]; b != '\\' && ' ' <= b && b < 0x7F {
			c.dst = append(c.dst, b)
			i++
			continue
		}
		var r rune
		r, i = jsonscan.Rune(body, i)
		c.rune(r)
	}
	c.dst = append(c.dst, '"')
}

// name writes a name that is no JSON yet.
func (c *canonical) name(name string) {
	c.dst = append(c.dst, '"')
	for _, r := range name {
		c.rune(r)
	}
	c.dst = append(c.dst, '"')
}

func (c *canonical) rune(r rune) {
	switch {
	case r > math.MaxUint16:
		r -= 0x10000
		c.dst = appendEscape(c.dst, 0xD800|r>>10)
		c.dst = appendEscape(c.dst, 0xDC00|r&0x3FF)
	case r < ' ' || r >= 0x7F || r == '"' || r == '\\':
		c.dst = appendEscape(c.dst, r)
	default:
		c.dst = append(c.dst, byte(r))
	}
}

// maxDigits is how many digits of a whole number Python reads and writes,
// unless it is told otherwise.
const maxDigits = 4300

// number writes a number as Python does that has read it: one without a point
// and without an exponent is a whole number of any size, any other a float.
func (c *canonical) number(number []byte) {
	if bytes.ContainsAny(number, ".eE") {
		c.float(number)
		return
	}
	if string(number) == "-0" {
		number = number[1:]
	}
	if len(bytes.TrimPrefix(number, []byte("-"))) > maxDigits {
		c.dst = append(c.dst, tooManyDigits)
		return
	}
	c.dst = append(c.dst, number...)
}

// float writes a number as repr of a Python float does: the shortest digits
// that give it back, with an exponent below 1e-4 and from 1e16 on, and never
// without a point or an exponent.
func (c *canonical) float(number []byte) {
	value, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		c.dst = append(c.dst, outOfRange)
		return
	}
	start := len(c.dst)
	if size := math.Abs(value); size != 0 && (size < 1e-4 || size >= 1e16) {
		c.dst = strconv.AppendFloat(c.dst, value, 'e', -1, 64)
		return
	}
	c.dst = strconv.AppendFloat(c.dst, value, 'f', -1, 64)
	if bytes.IndexByte(c.dst[start:], '.') < 0 {
		c.dst = append(c.dst, ".0"...)
	}
}

// These stand where a number cannot be written. What is written is printable
// ASCII, so they cannot be taken for anything else, and they vanish with a
// member that does not count.
const (
	outOfRange    = '\x00'
	tooManyDigits = '\x01'
)

// refused returns an error where a mark was left in what was written.
func refused(written []byte) error {
	if bytes.IndexByte(written, outOfRange) >= 0 {
		return &refusal{"a number is beyond the range of floating point"}
	}
	if bytes.IndexByte(written, tooManyDigits) >= 0 {
		return &refusal{"a whole number has more than 4300 digits"}
	}
	return nil
}

// refusal says why Python could not write a value, without repeating it.
type refusal struct{ reason string }

func (r *refusal) Error() string { return core.ErrInvalidValue.Error() + ": " + r.reason }

// Unwrap makes the error match [core.ErrInvalidValue].
func (r *refusal) Unwrap() error { return core.ErrInvalidValue }
