package storetest

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// thousand is the size of a large batch: beyond the 100 or 500 that some
// servers take at once.
const thousand = 1000

var bulkCases = []testCase{
	{
		name:  "bulk",
		rules: []int{7},
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", two))
			s.wantRead("a", one)
			s.wantRead("b", two)
			s.put("c", three)
			s.wantMany([]string{"a", "b", "c"}, one, two, three)
			s.wantDeleteMany([]string{"a", "b", "c"}, 3)
			s.wantMany([]string{"a", "b", "c"}, "", "", "")
		},
	},
	{
		name:  "bulk-order",
		rules: []int{7},
		run: func(s *scenario) {
			s.putMany(item("b", two), item("a", one), item("c", three))
			s.wantMany([]string{"c", "missing", "a", "b", "absent"}, three, "", one, two, "")
			s.wantMany([]string{"absent", "b", "a", "c", "missing"}, "", two, one, three, "")
		},
	},
	{
		name:  "bulk-duplicates",
		rules: []int{7},
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", one), item("a", two), item("a", three))
			s.wantRead("a", three)
			s.wantMany([]string{"a", "b", "a", "missing", "a", "missing"}, three, one, three, "", three, "")
			s.wantKeys("a", "b")
			s.wantDeleteMany([]string{"a", "missing", "a", "a"}, 1)
			s.wantMany([]string{"a", "b"}, "", one)
		},
	},
	{
		name:  "bulk-duplicate-without-ttl",
		rules: []int{5, 7},
		run: func(s *scenario) {
			s.putMany(core.Item{Key: "a", Value: []byte(one), TTL: s.options.Timeout}, item("a", two))
			s.wantRead("a", two)
			s.wantNoExpiry("a")
		},
	},
	{
		name:  "empty-batch",
		rules: []int{7},
		run: func(s *scenario) {
			s.put("k", one)
			for _, keys := range [][]string{nil, {}} {
				if entries := s.getMany(keys...); len(entries) != 0 {
					s.Errorf("GetMany of no keys returned %d entries", len(entries))
				}
				s.wantDeleteMany(keys, 0)
			}
			s.putMany()
			s.putMany([]core.Item{}...)
			s.wantRead("k", one)
			s.wantKeys("k")
		},
	},
	{
		name:  "bulk-of-1000",
		rules: []int{7, 8},
		run: func(s *scenario) {
			items := make([]core.Item, thousand)
			keys := make([]string, thousand)
			values := make([]string, thousand)
			for i := range thousand {
				keys[i], values[i] = numbered(i)
				items[i] = item(keys[i], values[i])
			}
			s.putMany(items...)
			s.wantKeys(keys...)
			// Backwards, with a miss behind each.
			var asked, want []string
			for i, key := range slices.Backward(keys) {
				asked = append(asked, key, key+"-missing")
				want = append(want, values[i], "")
			}
			s.wantMany(asked, want...)
			s.wantDeleteMany(asked, thousand)
			s.wantMany(keys, make([]string, thousand)...)
		},
	},
	{
		name:  "bulk-refused-as-a-whole",
		rules: []int{8},
		run: func(s *scenario) {
			s.put("there", one)
			legal := []core.Item{item("a", two), item("there", two), item("b", two)}
			for name, illegal := range map[string]struct {
				item core.Item
				want error
			}{
				"an empty key":     {item("", two), core.ErrInvalidKey},
				"an invalid key":   {item("k\xff", two), core.ErrInvalidKey},
				"no value":         {core.Item{Key: "k"}, core.ErrInvalidValue},
				"an illegal value": {item("k", `{"a":`), core.ErrInvalidValue},
				"a negative TTL":   {core.Item{Key: "k", Value: []byte(two), TTL: -1}, core.ErrInvalidTTL},
			} {
				for at := range len(legal) + 1 {
					items := slices.Insert(slices.Clone(legal), at, illegal.item)
					if err := s.tryPutMany(items...); !errors.Is(err, illegal.want) {
						s.Errorf("%s with %s at place %d of %d = %v; want an error that matches %q",
							s.call("PutMany"), name, at, len(items), err, illegal.want)
					}
					s.wantMany([]string{"a", "there", "b", "k"}, "", one, "", "")
				}
			}
		},
	},
	{
		// Chunks of a server must not be written before the last was checked.
		name:  "bulk-of-1000-refused",
		rules: []int{8},
		run: func(s *scenario) {
			items := make([]core.Item, thousand)
			keys := make([]string, thousand)
			for i := range thousand {
				key, value := numbered(i)
				keys[i] = key
				items[i] = item(key, value)
			}
			items[thousand-1].Value = []byte(`[]`)
			if err := s.tryPutMany(items...); !errors.Is(err, core.ErrInvalidValue) {
				s.Errorf("%s of %d items, the last of them illegal, = %v; want ErrInvalidValue", s.call("PutMany"), thousand, err)
			}
			s.wantMany(keys, make([]string, thousand)...)
		},
	},
	{
		name:  "bulk-delete-refused-as-a-whole",
		rules: []int{8},
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", two))
			for _, key := range []string{"", "k\xff", strings.Repeat("k", 300) + "\x80"} {
				if count, err := s.tryDeleteMany("a", "b", key); !errors.Is(err, core.ErrInvalidKey) || count != 0 {
					s.Errorf("%s = %d, %v; want 0 and ErrInvalidKey", s.call("DeleteMany", "a", "b", key), count, err)
				}
			}
			s.wantMany([]string{"a", "b"}, one, two)
		},
	},
}
