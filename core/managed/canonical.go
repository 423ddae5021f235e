package managed

import (
	"bytes"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// AppendCanonical appends r as the Python library writes it, byte for byte, to
// dst and returns the extended slice: members sorted by code point at every
// level, ", " and ": " between them, text in ASCII, numbers as Python prints
// them, a fraction of a second only where it is not zero. Of members with the
// same name the last counts.
//
// The error matches [core.ErrInvalidValue] where r.Value is not a legal value
// or where Python could not write it as JSON: a number beyond the range of
// floating point, or a whole number of more than 4300 digits. Then dst is
// returned as it was.
func AppendCanonical(dst []byte, r *Record) ([]byte, error) {
	if err := core.CheckValue(r.Value); err != nil {
		return dst, err
	}
	c := canonical{dst: dst}
	separator := `{"`
	begin := func(name string) {
		c.dst = append(c.dst, separator...)
		c.dst = append(c.dst, name...)
		separator = `, "`
	}
	if r.Collection != "" {
		begin(`collection": `)
		c.name(r.Collection)
	}
	if !r.CreatedAt.IsZero() {
		begin(`created_at": "`)
		c.dst = append(appendDate(c.dst, floor(r.CreatedAt), false), '"')
	}
	if !r.ExpiresAt.IsZero() {
		begin(`expires_at": "`)
		c.dst = append(appendDate(c.dst, ceiling(r.ExpiresAt), false), '"')
	}
	if r.InsertID != "" {
		begin(`insert_id": `)
		c.name(r.InsertID)
	}
	if r.Key != "" {
		begin(`key": `)
		c.name(r.Key)
	}
	begin(`value": `)
	c.value(r.Value, jsonscan.Space(r.Value, 0))
	if err := refused(c.dst[len(dst):]); err != nil {
		return dst, err
	}
	return append(c.dst, `, "version": 1}`...), nil
}

// canonical rewrites JSON that was found valid. The depth of its recursion is
// that of the value, which [core.MaxDepth] bounds.
type canonical struct {
	dst     []byte
	members []canonicalMember // of all open objects
	scratch []byte            // for the reordering of members
}

// canonicalMember is one member of an object, written to dst[start:end].
type canonicalMember struct {
	name       []byte
	start, end int
}

// value writes the value at data[i] and returns the offset behind it.
func (c *canonical) value(data []byte, i int) int {
	switch data[i] {
	case '{':
		return c.object(data, i)
	case '[':
		return c.array(data, i)
	case '"':
		end, _ := jsonscan.String(data, i)
		c.text(data[i+1 : end-1])
		return end
	case 't', 'f', 'n':
		end, _ := jsonscan.Value(data, i, 0)
		c.dst = append(c.dst, data[i:end]...)
		return end
	}
	end, _ := jsonscan.Value(data, i, 0)
	c.number(data[i:end])
	return end
}

// array writes the array at data[i] and returns the offset behind it.
func (c *canonical) array(data []byte, i int) int {
	c.dst = append(c.dst, '[')
	for i = jsonscan.Space(data, i+1); data[i] != ']'; {
		i = jsonscan.Space(data, c.value(data, i))
		if data[i] == ',' {
			c.dst = append(c.dst, ", "...)
			i = jsonscan.Space(data, i+1)
		}
	}
	c.dst = append(c.dst, ']')
	return i + 1
}

// object writes the object at data[i] and returns the offset behind it.
// Members are written as they come and put in order at the end.
func (c *canonical) object(data []byte, i int) int {
	base := len(c.members)
	c.dst = append(c.dst, '{')
	first := len(c.dst)
	for i = jsonscan.Space(data, i+1); data[i] != '}'; {
		nameEnd, value, _ := jsonscan.Member(data, i)
		member := canonicalMember{name: data[i+1 : nameEnd-1], start: len(c.dst)}
		if jsonscan.Escaped(member.name) {
			member.name = jsonscan.AppendUnquoted(nil, member.name)
		}
		c.text(data[i+1 : nameEnd-1])
		c.dst = append(c.dst, ": "...)
		i = jsonscan.Space(data, c.value(data, value))
		member.end = len(c.dst)
		c.members = append(c.members, member)
		if data[i] == ',' {
			c.dst = append(c.dst, ", "...)
			i = jsonscan.Space(data, i+1)
		}
	}
	c.sort(c.members[base:], first)
	c.members = c.members[:base]
	c.dst = append(c.dst, '}')
	return i + 1
}

// sort puts the members, which were written from dst[first:] on, into the
// order of their names and drops all but the last of each name.
func (c *canonical) sort(members []canonicalMember, first int) {
	sorted := true
	for i := 1; i < len(members); i++ {
		if bytes.Compare(members[i-1].name, members[i].name) >= 0 {
			sorted = false
			break
		}
	}
	if sorted {
		return
	}
	slices.SortStableFunc(members, func(a, b canonicalMember) int { return bytes.Compare(a.name, b.name) })
	c.scratch = append(c.scratch[:0], c.dst[first:]...)
	c.dst = c.dst[:first]
	for i, member := range members {
		if i+1 < len(members) && bytes.Equal(member.name, members[i+1].name) {
			continue
		}
		if len(c.dst) > first {
			c.dst = append(c.dst, ", "...)
		}
		c.dst = append(c.dst, c.scratch[member.start-first:member.end-first]...)
	}
}
