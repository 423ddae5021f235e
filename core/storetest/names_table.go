package storetest

import "strings"

// hostileNames are keys that some database, file system, query language or
// naming scheme takes for something else.
var hostileNames = []string{
	// Paths and files.
	".", "..", "...", "/", "//", "/k", "k/", "a/b", "a//b", "./a", "a/../b", "../../etc/passwd", "~", "~/k",
	`\`, `a\b`, `C:\k`, "C:k", "CON", "nul.txt", "k.", ".k", "k.json", ".json", "k.tmp", ".tmp", ".lock", "k-info.json",

	// White space and control characters.
	" ", " k", "k ", "k  k", "\t", "\n", "k\n", "\r\n", "a\nb", "\x00", "k\x00", "\x00k", "a\x00b", "\x01\x1f", "\x1b[0m",
	"\x7f", "\u0085", "\u00a0", "\u2028", "\u200b", "\ufeff", "\ufeffk", "\u202ek",

	// Separators of compound keys.
	":", "::", ":::", ":a", "a:", "a:b", "a::b", "a:::b", "__", "_", "a__b", "-", "a-b", "|", "#", "a#b",

	// What our encodings and those of the Python library look like.
	"~kv1~", "~kv1~a", "~kv1~%3a", "~kv1", "%", "%%", "%3a", "%3A", "%25", "%00", "a%2Fb", "%2e%2e",
	"S_a", "H_a", "S_", "H_", "S_a_-daf4a2ec", "H_9f86d081884c7d659a2feaa0c55ad015", "storetest::" + "k",

	// Patterns and queries.
	"*", "k*", "?", "[k]", "[", "^k", "$", "$where", "$ne", ".*", "{}", "{a}", "a,b", "<k>", "&", "a?b=c&d=e#f", "@", "!",
	"'", `"`, "`", "';--", `{"$ne":null}`, "k!@#$%^&*()", "(", "=", "+", "a+b",

	// Words.
	"0", "00", "-1", "1e3", "true", "null", "None", "undefined", "_id", "_all", "_mapping", "system.indexes", "id", "key",
	"default_collection", "__proto__", "constructor",

	// Beyond ASCII.
	"é", "日本語", "😀", "👩‍👩‍👧", "🏳️‍🌈", "Hello 世界 🌍 émojis", "\ufffd", "\uffff", "\U0010ffff", "a\U000e0001",

	// Lengths at which something is cut or hashed.
	strings.Repeat("k", 199), strings.Repeat("k", 250), strings.Repeat("k", 251), strings.Repeat("k", 255),
	strings.Repeat("k", 256), strings.Repeat("k", 257), strings.Repeat("k", 512), strings.Repeat("k", 513),
	strings.Repeat("test_key", 100), strings.Repeat("é", 128), strings.Repeat("a/", 300),
}

// hostileAffixes surround a name that is unique. They are fewer than
// hostileNames since each makes a collection, which may be an index or a table.
var hostileAffixes = []string{
	".", "..", "/", "../", "/..", `\`, ":", "::", "~", "~kv1~", "~kv1~%3a", "%", "%3a", "%2F", "_", "__", "-", "+",
	"S_", "H_", " ", "\n", "\x00", "\x7f", "\u2028", "*", "?", "[a]", "$", "{}", "<>", "|", "#", ",", `"`, "'", "&",
	"system.", "!@#$%^&*()", "é", "日本", "😀", "\U0010ffff", ".json", ".lock", "K", strings.Repeat("c", 128),
	strings.Repeat("test_collection", 50),
}

// reservedCollections are whole names.
var reservedCollections = []string{
	".", "..", "/", "::", ":", "*", " ", "\x00", "_", "~kv1~", "~kv1~default_collection", "%", "S_a", "H_a", "_all",
	"system.indexes", "$cmd", ".tmp", ".lock", "default_collection", "Default_Collection", "default_collection ", "default_collection::",
}

// similarNames differ from each other only in what some stores take for the
// same.
var similarNames = []string{
	// Case, also where it changes the length.
	"key", "Key", "KEY", "kEY", "straße", "STRASSE", "strasse", "ſ", "s", "\u212a", "K", "k", "İ", "i", "I", "ı", "i\u0307",
	"σ", "ς", "Σ",

	// Composed and decomposed forms, compatibility forms, widths.
	"\u00e9", "e\u0301", "e", "\u00c5", "\u212b", "A\u030a", "ﬁ", "fi", "ｋ", "가", "\u1100\u1161", "²", "2", "…", "...",

	// Trailing and leading spaces, zero width characters, line ends.
	"key ", " key", "key\t", "key\u00a0", "key\u200b", "\ufeffkey", "key\x00", "key\r", "key\n", "key\r\n",

	// Numbers, quotes, escapes.
	"1", "01", "1.0", "1e0", "+1", `"key"`, "'key'", `k\u0065y`, "%6bey", "k%65y", "k+y", "k y", "k%20y", "k_y", "k-y",

	// Paths.
	"./key", "key/", "/key", "key/.", "a/../key", "key.", "key..",

	// Emoji with and without a variation selector, a skin tone, a joiner.
	"❤", "❤\ufe0f", "👍", "👍🏽", "👩👩", "👩\u200d👩",
}

// separators are what naming schemes put between a collection and a key.
var separators = []string{
	"::", ":", ":::", "__", "_", "/", `\`, ".", "-", "|", "#", " ", "\x00", "\n", "%3a", "%3a%3a", "~", "~kv1~", "\U0010ffff",
}

// illegalNames are no legal keys and no legal collections.
var illegalNames = []string{
	"\xff", "k\xff", "\xc0\x80", "a\xc0\xafb", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", strings.Repeat("x", 300) + "\x80",
}
