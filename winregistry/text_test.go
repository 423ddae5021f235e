package winregistry

import (
	"errors"
	"slices"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestText(t *testing.T) {
	for _, text := range []string{"", "a", "é", "日本", "😀", "\U0010ffff", "\ufffd", "\ud7ff\ue000\uffff", "a\x00b", `{"a":"é😀"}`} {
		units := appendUnits(nil, []byte(text))
		if want := append(utf16.Encode([]rune(text)), 0); !slices.Equal(units, want) {
			t.Errorf("appendUnits(%q) = %x, want %x", text, units, want)
		}
		got, err := appendText([]byte("before "), units[:len(units)-1])
		if err != nil || string(got) != "before "+text {
			t.Errorf("appendText of %q = %q, %v", text, got, err)
		}
		if size := textSize(units[:len(units)-1]); size < len(text) {
			t.Errorf("textSize of %q = %d, want %d or more", text, size, len(text))
		}
	}
}

func TestStringUnits(t *testing.T) {
	for _, c := range []struct {
		valueType uint32
		units     []uint16
		size      int
		want      []uint16 // nil: corrupt
	}{
		{1, []uint16{'a', 0}, 4, []uint16{'a'}},
		{1, []uint16{'a', 0, 0, 0}, 8, []uint16{'a'}},
		{1, []uint16{'a', 0, 'b', 0}, 8, []uint16{'a', 0, 'b'}},
		{1, []uint16{0}, 2, []uint16{}},
		{1, nil, 0, nil},
		{1, nil, 1, nil},
		{1, []uint16{'a'}, 2, nil},
		{1, []uint16{'a', 0}, 5, nil},
		{2, []uint16{'a', 0}, 4, nil},
		{3, []uint16{'a', 0}, 4, nil},
		{0, nil, 0, nil},
	} {
		got, err := stringUnits(c.valueType, c.units, c.size)
		if c.want == nil && !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("type %d, %x, %d bytes = %x, %v; want ErrCorrupt", c.valueType, c.units, c.size, got, err)
		}
		if c.want != nil && (err != nil || !slices.Equal(got, c.want)) {
			t.Errorf("type %d, %x, %d bytes = %x, %v; want %x", c.valueType, c.units, c.size, got, err, c.want)
		}
	}
}

// Text is valid, and the same units when it is encoded again; what is refused
// has half a surrogate pair.
func FuzzText(f *testing.F) {
	for _, units := range [][]uint16{{}, {'a'}, {0xe9}, {0xd83d, 0xde00}, {0xd83d}, {0xde00, 0xd83d}, {0xd83d, 'a'}, {0xffff, 0}} {
		data := make([]byte, 0, 2*len(units))
		for _, unit := range units {
			data = append(data, byte(unit), byte(unit>>8))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		units := make([]uint16, len(data)/2)
		for i := range units {
			units[i] = uint16(data[2*i]) | uint16(data[2*i+1])<<8
		}
		text, err := appendText(nil, units)
		// The standard library puts the replacement character in place of halves.
		whole := slices.Equal(utf16.Encode(utf16.Decode(units)), units)
		if (err == nil) != whole || err != nil && !errors.Is(err, core.ErrCorrupt) {
			t.Fatalf("%x: %v, want an error: %v", units, err, !whole)
		}
		if err != nil {
			return
		}
		if !utf8.Valid(text) || len(text) > textSize(units) || !slices.Equal(appendUnits(nil, text), slices.Concat(units, []uint16{0})) {
			t.Errorf("%x is %q", units, text)
		}
	})
}
