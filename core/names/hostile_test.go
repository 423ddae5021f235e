package names_test

import (
	"strings"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// hostile are names that have broken an encoding somewhere.
var hostile = []string{
	"", ".", "..", "...", "a.", "a ", " a", ".a", "a..b", "a/b", `a\b`, "/", "../../etc/passwd",
	"CON", "con", "con.txt", "con .txt", "nul", "com1", "lpt9.x", "conin$", "longna~1", "longna~1.x", "~1", "console",
	"a\x00b", "a\nb", "a\tb", "\x7f", "-a", "_a", "+a", "$a", "a$b", "*", "?", "a b", "a%b", "50%", "%", "%25", "%2525",
	"日本", "😀", "caf\u00e9", "cafe\u0301", "\ufeff", "\u2028", "İ", "ı", "i", "I", "ſ", "s", "S", "\u212a", "k", "K", "ß", "SS",
	"Test", "test", "TEST", "S_x", "H_x", "s_x",
	"a:", "a::", ":a", "::", ":", "a::b", "a:::b", "a_", "a__", "a__b", "_", "__", "___",
	names.Marker, names.HashMarker, names.Marker + "x", names.HashMarker + "x", "~KV1~x", "~kv1", "~",
	names.Marker + "a%3ab", names.Marker + "a%2fb", names.Marker + "a%2Fb", names.Marker + "%", names.Marker + names.Marker,
	names.HashMarker + strings.Repeat("0", 64), "kv1-x", "kv1h-x", "kv1-" + "a-2fb",
	"\xff", "\xc3", "a\xed\xa0\x80b", "\xe2\x84",
	strings.Repeat("x", 245), strings.Repeat("x", 246), strings.Repeat("X", 100), strings.Repeat("é", 200),
	strings.Repeat("x", 10<<10), strings.Repeat("x", 10<<10) + "y", strings.Repeat("/", 10<<10),
}
