package winregistry

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// typeString is the type of the values that hold entries, REG_SZ.
const typeString = 1

// appendUnits appends text in UTF-8 to dst, in UTF-16 and with a NUL at the
// end, as the data of a string in the registry.
func appendUnits(dst []uint16, text []byte) []uint16 {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			dst = append(dst, uint16(c))
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		dst = utf16.AppendRune(dst, r)
		i += size
	}
	return append(dst, 0)
}

// stringUnits returns the text of a string in the registry, whose data has so
// many bytes and is of the given type. units are all whole ones of them.
//
// What is not such a string is an error that matches core.ErrCorrupt. NULs
// behind the first at the end are ignored, as programs have written those too.
func stringUnits(valueType uint32, units []uint16, size int) ([]uint16, error) {
	switch {
	case valueType != typeString:
		return nil, fmt.Errorf("%w: the registry value is of type %d, not a string", core.ErrCorrupt, valueType)
	case size%2 != 0:
		return nil, fmt.Errorf("%w: the registry value has an odd number of bytes", core.ErrCorrupt)
	case len(units) == 0 || units[len(units)-1] != 0:
		return nil, fmt.Errorf("%w: the string in the registry does not end in NUL", core.ErrCorrupt)
	}
	for len(units) > 0 && units[len(units)-1] == 0 {
		units = units[:len(units)-1]
	}
	return units, nil
}

// appendText appends UTF-16 to dst as UTF-8. Half a surrogate pair is an error
// that matches core.ErrCorrupt: it has no form in UTF-8.
func appendText(dst []byte, units []uint16) ([]byte, error) {
	for i := 0; i < len(units); i++ {
		unit := rune(units[i])
		switch {
		case unit < utf8.RuneSelf:
			dst = append(dst, byte(unit))
		case !utf16.IsSurrogate(unit):
			dst = utf8.AppendRune(dst, unit)
		default:
			r := rune(utf8.RuneError)
			if i+1 < len(units) {
				r = utf16.DecodeRune(unit, rune(units[i+1]))
			}
			if r == utf8.RuneError {
				return dst, fmt.Errorf("%w: half a surrogate pair in the registry's text", core.ErrCorrupt)
			}
			dst = utf8.AppendRune(dst, r)
			i++
		}
	}
	return dst, nil
}

// textSize returns how many bytes appendText adds, or a few more.
func textSize(units []uint16) int {
	size := len(units)
	for _, unit := range units {
		if unit >= utf8.RuneSelf {
			size++
			if unit >= 0x800 {
				size++
			}
		}
	}
	return size
}
