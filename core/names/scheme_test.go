package names_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// schemes are backends as different as the ones there are.
var schemes = []struct {
	backend string
	options names.SchemeOptions
}{
	{"zero options", names.SchemeOptions{}},
	{"files anywhere", names.FileNameOptions()},
	{"files where case matters", names.SchemeOptions{
		Allowed:  names.FileNameOptions().Allowed,
		MaxBytes: 255 - len(".json"),
		Reserved: names.ReservedFileName,
	}},
	{"any character but spaces and controls", names.SchemeOptions{
		Allowed: names.Graphic, NonASCII: true, MaxBytes: 250,
	}},
	{"paths", names.SchemeOptions{
		Allowed:  strings.ReplaceAll(names.Graphic, "/", ""),
		Reserved: func(name string) bool { return strings.Contains(name, "..") },
	}},
	{"words that fold, no room", names.SchemeOptions{
		Allowed: names.Digits + names.Lower + names.Upper + "_-", FoldCase: true, MaxBytes: len("kv1h-") + 64,
		Escape: '-', Marker: "kv1-", HashMarker: "kv1h-",
	}},
	{"lower-case letters and digits", names.SchemeOptions{
		Allowed: names.Digits + names.Lower, MaxBytes: 120,
		Escape: 'a', Marker: "zk", HashMarker: "zh",
	}},
	{"escaped names are reserved too", names.SchemeOptions{
		Reserved: func(name string) bool {
			return strings.ContainsAny(name, "0123456789") && !strings.HasPrefix(name, names.HashMarker)
		},
	}},
}

func TestSchemeFileNames(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		// What Python's FileTree store has to find.
		{"a", "a"},
		{"default_collection", "default_collection"},
		{"user_1", "user_1"},
		{"test-key", "test-key"},
		{"v1.2", "v1.2"},
		{"a b", "a b"},
		{"a@b.org", "a@b.org"},
		{"50%", "50%"},
		{"%41", "%41"},
		{"a~b", "a~b"},
		{"console", "console"},
		{"a.con", "a.con"},
		{strings.Repeat("x", 245), strings.Repeat("x", 245)},
		// What it could not, or not everywhere.
		{"", "~kv1~"},
		{".", "~kv1~%2e"},
		{"..", "~kv1~%2e%2e"},
		{".a", "~kv1~%2ea"},
		{"a.", "~kv1~a%2e"},
		{"a ", "~kv1~a%20"},
		{" a", "~kv1~%20a"},
		{"a/b", "~kv1~a%2fb"},
		{`a\b`, "~kv1~a%5cb"},
		{"a:b", "~kv1~a%3ab"},
		{"a\x00b", "~kv1~a%00b"},
		{"a\nb", "~kv1~a%0ab"},
		{"con", "~kv1~con"},
		{"CON", "~kv1~%43%4f%4e"},
		{"con.txt", "~kv1~con%2etxt"},
		{"nul .x", "~kv1~nul%20%2ex"},
		{"longna~1", "~kv1~longna%7e1"},
		{"Test", "~kv1~%54est"},
		{"caf\u00e9", "~kv1~caf%c3%a9"},
		{"cafe\u0301", "~kv1~cafe%cc%81"},
		{"\u212a", "~kv1~%e2%84%aa"},
		{"\xff", "~kv1~%ff"},
		{"~kv1~", "~kv1~%7ekv1%7e"},
		{"~kv1~a%2fb", "~kv1~%7ekv1%7ea%252fb"},
		{"~kv1h~", "~kv1~%7ekv1h%7e"},
		{"a/b?c=50%", "~kv1~a%2fb%3fc%3d50%25"},
		{strings.Repeat("x", 246), "~kv1h~" + sum(strings.Repeat("x", 246))},
		{strings.Repeat("/", 80), "~kv1~" + strings.Repeat("%2f", 80)},
		{strings.Repeat("/", 81), "~kv1h~" + sum(strings.Repeat("/", 81))},
	} {
		if got := names.FileNames.Encode(test.name); got != test.want {
			t.Errorf("Encode(%.50q) = %.80q, want %.80q", test.name, got, test.want)
		}
		checkDecode(t, names.FileNames, test.name, test.want)
	}
}

func TestSchemeOtherMarkers(t *testing.T) {
	words := names.MustScheme(schemes[5].options)
	for _, test := range []struct{ name, want string }{
		{"a-b_c", "a-b_c"},
		{"a-b c", "kv1-a-2db-20c"},
		{"kv1", "kv1"},
		{"kv1-a", "kv1-kv1-2da"},
		{"kv1h-a", "kv1-kv1h-2da"},
		{"Kv1-a", "kv1--4bv1-2da"},
		{"", "kv1-"},
		{"~kv1~a", "kv1--7ekv1-7ea"},
		{strings.Repeat("x", 69), strings.Repeat("x", 69)},
		{strings.Repeat("x", 70), "kv1h-" + sum(strings.Repeat("x", 70))},
	} {
		if got := words.Encode(test.name); got != test.want {
			t.Errorf("Encode(%q) = %q, want %q", test.name, got, test.want)
		}
		checkDecode(t, words, test.name, test.want)
	}
}

func TestSchemeDecodeForeign(t *testing.T) {
	hashed := "~kv1h~" + sum("x")
	for _, encoded := range []string{
		"", "Test", "a/b", ".", "con", "caf\u00e9", "a.", strings.Repeat("x", 246),
		"~kv1~a",         // would be plain
		"~kv1~a%2Fb",     // upper-case digits
		"~kv1~a%2",       // cut off
		"~kv1~a%",        // cut off
		"~kv1~a%2g",      // not a digit
		"~kv1~a%62%2f",   // an escape of what needs none
		"~kv1~a/b",       // none where one is needed
		"~kv1~a b%2f",    // the same: only words stay in an escaped name
		"~KV1~a%2fb",     // not the marker
		"~kv1~%7e%7ekv1", // would be plain
		"~kv1~" + strings.Repeat("%2f", 81),
		"~kv1h~", hashed[:69], hashed + "0", strings.ToUpper(hashed), "~kv1h~" + strings.Repeat("g", 64),
	} {
		if name, ok := names.FileNames.Decode(encoded); ok || name != "" {
			t.Errorf("Decode(%.50q) = %q, %t, want false", encoded, name, ok)
		}
		if names.FileNames.Hashed(encoded) {
			t.Errorf("Hashed(%.50q) is true", encoded)
		}
	}
	if name, ok := names.FileNames.Decode(hashed); ok || name != "" {
		t.Errorf("Decode of a hash = %q, %t", name, ok)
	}
	if !names.FileNames.Hashed(hashed) {
		t.Error("Hashed of a hash is false")
	}
}

func TestSchemeHostile(t *testing.T) {
	for _, test := range schemes {
		t.Run(test.backend, func(t *testing.T) {
			scheme := names.MustScheme(test.options)
			seen := map[string]string{}
			for _, name := range hostile {
				encoded := scheme.Encode(name)
				checkTaken(t, test.options, name, encoded)
				checkDecode(t, scheme, name, encoded)
				encoded = folded(test.options, encoded)
				if other, ok := seen[encoded]; ok {
					t.Errorf("%.50q and %.50q are both %.50q", other, name, encoded)
				}
				seen[encoded] = name
			}
		})
	}
}

func TestSchemeAllocations(t *testing.T) {
	for _, test := range []struct {
		name string
		want float64
	}{
		{"default_collection", 0},
		{"a/b", 1},
	} {
		if got := testing.AllocsPerRun(100, func() { _ = names.FileNames.Encode(test.name) }); got > test.want {
			t.Errorf("Encode(%q): %v allocations, want %v", test.name, got, test.want)
		}
	}
	if got := testing.AllocsPerRun(100, func() { _, _ = names.FileNames.Decode("default_collection") }); got > 0 {
		t.Errorf("Decode of a plain name: %v allocations", got)
	}
}

// checkTaken checks that a backend with these options takes the encoded name.
func checkTaken(t *testing.T, options names.SchemeOptions, name, encoded string) {
	t.Helper()
	allowed := options.Allowed
	if allowed == "" {
		allowed = names.Digits + names.Lower + names.Upper + "-._~%"
	}
	for _, c := range encoded {
		switch {
		case c >= utf8.RuneSelf && options.NonASCII:
		case !strings.ContainsRune(allowed, c):
			t.Errorf("Encode(%.50q) = %.80q contains %q", name, encoded, c)
		case options.FoldCase && unicode.IsUpper(c):
			t.Errorf("Encode(%.50q) = %.80q contains the upper-case %q", name, encoded, c)
		}
	}
	if !utf8.ValidString(encoded) {
		t.Errorf("Encode(%.50q) = %.80q is not valid UTF-8", name, encoded)
	}
	if options.MaxBytes > 0 && len(encoded) > options.MaxBytes {
		t.Errorf("Encode(%.50q) = %.80q has %d bytes", name, encoded, len(encoded))
	}
	if encoded == "" || options.Reserved != nil && options.Reserved(encoded) {
		t.Errorf("Encode(%.50q) = %.80q is reserved", name, encoded)
	}
}

// checkDecode checks that encoded is decoded to name, or is its hash.
func checkDecode(t *testing.T, scheme *names.Scheme, name, encoded string) {
	t.Helper()
	decoded, ok := scheme.Decode(encoded)
	if scheme.Hashed(encoded) {
		if ok || !strings.HasSuffix(encoded, sum(name)) {
			t.Errorf("Decode(%.80q) = %.50q, %t, want the hash of %.50q", encoded, decoded, ok, name)
		}
	} else if !ok || decoded != name {
		t.Errorf("Decode(%.80q) = %.50q, %t, want %.50q", encoded, decoded, ok, name)
	}
}

// folded is the encoded name as the backend compares it, by the widest of the
// foldings: every character stands for all that simple folding makes equal to
// it, and for its lower case.
func folded(options names.SchemeOptions, encoded string) string {
	if !options.FoldCase {
		return encoded
	}
	return strings.Map(func(c rune) rune {
		least := c
		for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return unicode.ToLower(least)
	}, strings.ToLower(encoded))
}

func sum(name string) string {
	digits := sha256.Sum256([]byte(name))
	return hex.EncodeToString(digits[:])
}
