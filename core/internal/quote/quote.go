// Package quote writes names of callers into messages. A name may be a
// megabyte long and may hold anything.
package quote

import (
	"strconv"
	"unicode/utf8"
)

// Name returns the name in quotes. Of a name of more than limit bytes it
// returns the beginning and says how long the name is.
func Name(name string, limit int) string {
	if len(name) <= limit {
		return strconv.Quote(name)
	}
	return strconv.Quote(Cut(name, limit)) + Length(name)
}

// Length returns what is put behind the beginning of a text that was cut.
func Length(text string) string {
	return "… (" + strconv.Itoa(len(text)) + " bytes)"
}

// Cut returns the longest beginning of text of at most limit bytes that does
// not end inside a character.
func Cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
