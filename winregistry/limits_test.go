package winregistry

import (
	"errors"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

func TestCheckName(t *testing.T) {
	for _, c := range []struct {
		what            string
		collection, key string
		legal           bool
	}{
		{"short", "c", "k", true},
		{"no key", "c", "", true},
		{"longest", strings.Repeat("x", MaxCollection), strings.Repeat("x", MaxKey), true},
		{"longest of control characters", strings.Repeat("\x01", MaxCollection/6), strings.Repeat("\n", MaxKey/6), true},
		{"longest of backslashes", strings.Repeat(`\`, MaxCollection/2), strings.Repeat(`"`, MaxKey/2), true},
		{"key too long", "c", strings.Repeat("x", MaxKey+1), false},
		{"collection too long", strings.Repeat("x", MaxCollection+1), "k", false},
		{"key of control characters", "c", strings.Repeat("\x01", MaxKey/6+1), false},
		{"collection of backslashes", strings.Repeat(`\`, MaxCollection/2+1), "", false},
	} {
		err := checkName(c.collection, c.key)
		if (err == nil) != c.legal || err != nil && !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// Whatever is legal fits into a value of the registry.
func TestLargestEntryFits(t *testing.T) {
	for _, part := range []string{"x", "\x01", "\n", `\`, "é", "日", "😀"} {
		key, collection := longest(part, MaxKey), longest(part, MaxCollection)
		r := &managed.Record{Collection: collection, Key: key, Entry: core.Entry{
			Value: []byte(strings.Repeat("x", MaxValue)), CreatedAt: time.Now(), ExpiresAt: time.Now(),
		}}
		if size := 2 * len(appendUnits(nil, managed.Append(nil, r))); size > maxData {
			t.Errorf("names of %q: %d bytes, %d too many", part, size, size-maxData)
		}
	}
}

// longest returns the longest legal name of these characters.
func longest(part string, limit int) string {
	n := sort.Search(limit, func(n int) bool { return longerThan(strings.Repeat(part, n+1), limit) })
	return strings.Repeat(part, n)
}
