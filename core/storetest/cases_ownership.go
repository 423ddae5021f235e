package storetest

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-keyvalue/keyvalue/core"
)

// scribble overwrites a slice that the case owns, up to its capacity.
func scribble(value []byte) {
	value = value[:cap(value)]
	for i := range value {
		value[i] = '#'
	}
}

var ownershipCases = []testCase{
	{
		name:  "values-given",
		rules: []int{9},
		run: func(s *scenario) {
			for _, m := range s.methods(takesItem) {
				a := s.legal()
				a.key = m.name
				a.value = append(make([]byte, 0, 64), one...)
				s.wrote(a.key, "first")
				if err := s.ask(m, a).err; err != nil {
					s.Fatalf("%s = %v, want nil", s.with(m, a), err)
				}
				if string(a.value) != one {
					s.Errorf("%s changed the value that it was given to %s", s.with(m, a), shown(a.value))
				}
				scribble(a.value) // the caller's again
				s.wantRead(a.key, one)
			}
		},
	},
	{
		name:  "slices-given",
		rules: []int{9},
		run: func(s *scenario) {
			items := []core.Item{item("b", one), item("a", two), item("b", three)}
			given := slices.Clone(items)
			s.putMany(given...)
			for i := range items {
				if given[i].Key != items[i].Key || string(given[i].Value) != string(items[i].Value) || given[i].TTL != items[i].TTL {
					s.Errorf("%s changed item %d that it was given", s.call("PutMany"), i)
				}
				given[i] = core.Item{Key: "x", Value: json.RawMessage(`{}`)}
			}
			s.wantMany([]string{"a", "b", "x"}, two, three, "")

			keys := []string{"b", "a", "b", "x"}
			handed := slices.Clone(keys)
			s.getMany(handed...)
			if !slices.Equal(handed, keys) {
				s.Errorf("%s changed the keys that it was given to %q", s.call("GetMany", keys...), handed)
			}
			s.wantDeleteMany(handed, 2)
			if !slices.Equal(handed, keys) {
				s.Errorf("%s changed the keys that it was given to %q", s.call("DeleteMany", keys...), handed)
			}
		},
	},
	{
		name:  "values-handed-out",
		rules: []int{9},
		run: func(s *scenario) {
			s.put("k", one)
			first, second := s.get("k"), s.get("k")
			scribble(first.Value)
			if string(second.Value) != one && !s.same(second.Value, one) {
				s.Errorf("%s shares its value with another answer", s.call("Get", "k"))
			}
			many := s.getMany("k")
			scribble(many[0].Value)
			appended, err := s.tryGetAppend("k", nil)
			if err != nil {
				s.Fatalf("%s = %v, want an entry", s.call("GetAppend", "k"), err)
			}
			scribble(appended.Value)
			s.wantRead("k", one)
		},
	},
	{
		name:  "values-handed-out-in-bulk",
		rules: []int{9},
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", two))
			keys := []string{"a", "b", "a", "b"}
			want := []string{one, two, one, two}
			for changed := range keys {
				entries := s.getMany(keys...)
				scribble(entries[changed].Value)
				entries[changed].Value = append(entries[changed].Value, "{too long for its place}"...)
				for i, entry := range entries {
					if i != changed && !s.same(entry.Value, want[i]) {
						s.Errorf("%s: the values at places %d and %d share memory", s.call("GetMany", keys...), changed, i)
					}
				}
				s.wantMany(keys, want...)
			}
		},
	},
	{
		name:  "get-append",
		rules: []int{9},
		run: func(s *scenario) {
			s.putFor("k", one, s.options.Timeout*10)
			entry := s.get("k")
			for _, room := range []int{0, 1, 1000} {
				dst := append(make([]byte, 0, len("prefix")+room), "prefix"...)
				got, err := s.tryGetAppend("k", dst)
				value, found := bytes.CutPrefix(got.Value, []byte("prefix"))
				if err != nil || !found || !bytes.Equal(value, entry.Value) {
					s.Errorf(`%s to "prefix" with room for %d bytes = %s; want "prefix" and then %s, as Get has it`,
						s.call("GetAppend", "k"), room, described(got, err), shown(entry.Value))
				}
				if !got.CreatedAt.Equal(entry.CreatedAt) || !got.ExpiresAt.Equal(entry.ExpiresAt) {
					s.Errorf("%s has the times %s and %s; Get has %s and %s", s.call("GetAppend", "k"),
						moment(got.CreatedAt), moment(got.ExpiresAt), moment(entry.CreatedAt), moment(entry.ExpiresAt))
				}
				got, err = s.tryGetAppend("missing", dst)
				if !missed(got, err) {
					s.Errorf("%s = %s; want the zero Entry and ErrNotFound itself", s.call("GetAppend", "missing"), described(got, err))
				}
				if string(dst) != "prefix" {
					s.Errorf("%s changed the text before to %q", s.call("GetAppend", "k"), dst)
				}
			}
		},
	},
	{
		name:  "get-append-reuses",
		rules: []int{9},
		run: func(s *scenario) {
			s.putMany(item("a", one), item("b", sized(500)), item("c", two))
			var buffer []byte
			for range 3 {
				for key, want := range map[string]string{"a": one, "b": sized(500), "c": two} {
					entry, err := s.tryGetAppend(key, buffer[:0])
					if err != nil || !s.same(entry.Value, want) {
						s.Fatalf("%s into a buffer used before = %s; want %s",
							s.call("GetAppend", key), described(entry, err), shown(json.RawMessage(want)))
					}
					buffer = entry.Value
				}
			}
			scribble(buffer)
			s.wantMany([]string{"a", "b", "c"}, one, sized(500), two)
		},
	},
}
