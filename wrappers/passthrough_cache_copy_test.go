package wrappers

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func FuzzDecodeCopy(f *testing.F) {
	for _, c := range []cachedCopy{
		{writer: []byte("W")},
		{writer: []byte("W"), doubts: math.MaxUint64, fresh: time.Unix(1_700_000_000, 5), value: []byte(`{}`)},
		{writer: []byte("W"), fresh: time.Unix(-1, 999_999_999), created: time.Unix(0, 0), expires: time.Now().Add(math.MaxInt64), value: []byte(`{"a":"\"}"}`)},
	} {
		text := appendCopy([]byte("before"), &c)[len("before"):]
		if err := core.CheckValue(text); err != nil {
			f.Errorf("%s: %v", text, err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, ok := decodeCopy(text)
		if !ok {
			return
		}
		again, ok := decodeCopy(appendCopy(nil, &c))
		if !ok || !bytes.Equal(again.writer, c.writer) || again.doubts != c.doubts || !bytes.Equal(again.value, c.value) || (again.value == nil) != (c.value == nil) ||
			!again.fresh.Equal(c.fresh) || !again.created.Equal(c.created) || !again.expires.Equal(c.expires) {
			t.Errorf("%q was decoded as %+v and, written again, as %+v", text, c, again)
		}
	})
}
