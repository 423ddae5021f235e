package wrappers

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// cachedCopy is what the cache holds for a key: an entry of the primary, with
// the primary's times, or that there is none. Its text is
//
//	{"cached":"1 WRITER DOUBTS FRESH CREATED EXPIRES LENGTH","value":{…}}
//
// of which LENGTH is that of the value, so that a cache which spells values
// anew is noticed. Where there is no entry, LENGTH and the member value are
// missing. A time is in seconds, with nine decimal places, and - if there is
// none.
type cachedCopy struct {
	writer  []byte // the PassthroughCache that made it
	doubts  uint64 // of the stripe, when the entry was read
	fresh   time.Time
	created time.Time
	expires time.Time
	value   []byte // nil: the primary has no entry
}

const (
	copyBegin = `{"cached":"1 `
	copyValue = `","value":`
	copyEnd   = `"}`
)

// appendCopy appends the text of the copy.
func appendCopy(dst []byte, c *cachedCopy) []byte {
	dst = slices.Grow(dst, len(copyBegin)+len(c.writer)+3*32+2*21+len(copyValue)+len(c.value))
	dst = append(dst, copyBegin...)
	dst = append(dst, c.writer...)
	dst = append(dst, ' ')
	dst = strconv.AppendUint(dst, c.doubts, 10)
	for _, t := range [...]time.Time{c.fresh, c.created, c.expires} {
		dst = appendCopyTime(append(dst, ' '), t)
	}
	if c.value == nil {
		return append(dst, copyEnd...)
	}
	dst = strconv.AppendInt(append(dst, ' '), int64(len(c.value)), 10)
	dst = append(dst, copyValue...)
	dst = append(dst, c.value...)
	return append(dst, '}')
}

// decodeCopy reads what appendCopy wrote. The copy refers to the text. It
// reports false for any other text.
func decodeCopy(text []byte) (c cachedCopy, ok bool) {
	rest, ok := bytes.CutPrefix(text, []byte(copyBegin))
	if !ok {
		return c, false
	}
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return c, false
	}
	header, rest := rest[:end], rest[end:]
	c.writer, header, _ = bytes.Cut(header, []byte(" "))
	field, header, _ := bytes.Cut(header, []byte(" "))
	doubts, err := strconv.ParseUint(string(field), 10, 64)
	if err != nil {
		return c, false
	}
	c.doubts = doubts
	for _, t := range [...]*time.Time{&c.fresh, &c.created, &c.expires} {
		field, header, _ = bytes.Cut(header, []byte(" "))
		if *t, ok = parseCopyTime(field); !ok {
			return c, false
		}
	}
	if len(header) == 0 {
		return c, string(rest) == copyEnd
	}
	length, err := strconv.Atoi(string(header))
	rest, ok = bytes.CutPrefix(rest, []byte(copyValue))
	if !ok || err != nil || length < 2 || length != len(rest)-1 || rest[0] != '{' || rest[length-1] != '}' || rest[length] != '}' {
		return c, false
	}
	c.value = rest[:length:length]
	return c, true
}

func appendCopyTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(dst, '-')
	}
	dst = strconv.AppendInt(dst, t.Unix(), 10)
	start := len(dst)
	dst = strconv.AppendInt(dst, int64(t.Nanosecond())+1_000_000_000, 10)
	dst[start] = '.' // in place of the 1 that made it ten digits
	return dst
}

func parseCopyTime(text []byte) (time.Time, bool) {
	if string(text) == "-" {
		return time.Time{}, true
	}
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	seconds, err := strconv.ParseInt(string(whole), 10, 64)
	if err != nil || len(fraction) != 9 {
		return time.Time{}, false
	}
	nanoseconds, err := strconv.ParseUint(string(fraction), 10, 32)
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(seconds, int64(nanoseconds)).UTC(), true
}

// entry is the entry of the primary that was copied.
func (c *cachedCopy) entry() core.Entry {
	return core.Entry{Value: c.value, CreatedAt: c.created, ExpiresAt: c.expires}
}
