package compare

import (
	"bytes"
	"testing"
)

// What is compared does the same: every contestant gives back a copy of what
// it was given, which the caller may write to.
func TestFair(t *testing.T) {
	const count = 100
	value := document(1024)
	keys := keysOf(count)
	contestants := field(count, value, true)
	fill(contestants, keys, value)
	for _, c := range contestants {
		for _, key := range keys {
			got := c.get(key)
			if !bytes.Equal(got, value) {
				t.Errorf("%s gives back %d bytes, want the %d that it was given", c.name, len(got), len(value))
				break
			}
			got[0] = '!'
			if c.get(key)[0] == '!' {
				t.Errorf("%s gives out what it keeps", c.name)
				break
			}
		}
	}
}
