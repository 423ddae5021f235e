package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// wantKept puts the value in every way that the store has, and wants it back
// in every way. If it may be refused, it must be so in every way.
func (s *scenario) wantKept(v sampleValue, mayRefuse bool) {
	s.Helper()
	writes := []struct {
		method string
		write  func(key string) error
	}{
		{"Put", func(key string) error { return s.tryPut(key, v.text, core.NoTTL) }},
		{"PutMany", func(key string) error { return s.tryPutMany(item(key, v.text), item(key+"-2", v.text)) }},
		{"Insert", func(key string) error {
			inserted, err := s.tryInsert(key, v.text, core.NoTTL)
			if err == nil && !inserted {
				err = errors.New("there is no entry, and yet nothing was inserted")
			}
			return err
		}},
	}
	for _, w := range writes {
		if w.method == "Insert" && !s.can(core.CanInsert) {
			continue
		}
		key := strings.ToLower(w.method) + " of " + v.name
		err := w.write(key)
		switch {
		case mayRefuse && errors.Is(err, core.ErrInvalidValue):
			s.wantMiss(key)
		case err != nil:
			s.Errorf("%s of %s, %s, = %v; want nil", s.call(w.method, key), v.name, shown(json.RawMessage(v.text)), err)
		default:
			s.wantRead(key, v.text)
		}
	}
}

// wantValueRefused wants that every way to write refuses the value with an
// error that matches and does not repeat it, and that nothing was written.
func (s *scenario) wantValueRefused(v sampleValue, want error) {
	s.Helper()
	a := s.legal()
	a.value = json.RawMessage(v.text)
	for _, m := range s.methods(takesItem) {
		s.wrote("first", a.key)
		answer := s.ask(m, a)
		if !errors.Is(answer.err, want) || answer.beside {
			s.Errorf("%s of %s = %v; want an error that matches %q, and nothing beside it",
				s.with(m, a), v.name, answer.err, want)
			continue
		}
		if strings.Contains(answer.err.Error(), "canary") {
			s.Errorf("%s of %s: the error repeats the value: %v", s.with(m, a), v.name, answer.err)
		}
	}
	for i, entry := range s.getMany("first", a.key) {
		if entry.Found() {
			s.Errorf("after %s was refused, there is %s under %q; want nothing written",
				v.name, shown(entry.Value), []string{"first", a.key}[i])
		}
	}
}

var valueCases = []testCase{
	{
		name:  "values",
		rules: []int{3},
		run: func(s *scenario) {
			for _, v := range plainValues {
				s.wantKept(v, false)
			}
		},
	},
	{
		name:  "values-kept-as-text",
		rules: []int{3},
		run: func(s *scenario) {
			for _, v := range textValues {
				s.wantKept(v, s.options.Documents)
			}
		},
	},
	{
		name:  "value-of-twice-one-name",
		rules: []int{3},
		run: func(s *scenario) {
			err := s.tryPut("k", `{"a":1,"b":2,"a":3}`, core.NoTTL)
			if s.options.Documents && errors.Is(err, core.ErrInvalidValue) {
				s.wantMiss("k")
				return
			}
			if err != nil {
				s.Fatalf("%s of an object with two members of one name = %v; want nil", s.call("Put", "k"), err)
			}
			s.wantRead("k", `{"b":2,"a":3}`) // the last one counts
		},
	},
	{
		name:  "value-of-1-mib",
		rules: []int{3},
		run: func(s *scenario) {
			size := 1 << 20
			if limit := s.options.MaxValue; limit > 0 {
				size = min(size, limit)
			}
			s.wantKept(sampleValue{"an object of " + fmt.Sprint(size) + " bytes", sized(size)}, false)
		},
	},
	{
		name:  "largest-value",
		rules: []int{3},
		when: func(o *Options) string {
			if o.MaxValue == 0 {
				return "the store does not limit values"
			}
			return ""
		},
		run: func(s *scenario) {
			limit := s.options.MaxValue
			s.wantKept(sampleValue{"a value as large as is documented", sized(limit)}, false)
			tooLarge := sized(limit + 1)
			tooLarge = tooLarge[:6] + "canary" + tooLarge[12:]
			s.wantValueRefused(sampleValue{"a value one byte larger than is documented", tooLarge}, core.ErrTooLarge)
		},
	},
	{
		name:  "illegal-values",
		rules: []int{3},
		run: func(s *scenario) {
			for _, v := range illegalValues {
				if limit := s.options.MaxValue; limit > 0 && len(v.text) > limit {
					continue // too large is as good a reason
				}
				s.wantValueRefused(v, core.ErrInvalidValue)
			}
			s.wantKeys()
		},
	},
	{
		name:  "illegal-value-replaces-nothing",
		rules: []int{3, 5},
		run: func(s *scenario) {
			s.put("k", one)
			a := s.legal()
			a.value = json.RawMessage(`{"a":`)
			for _, m := range s.methods(takesItem) {
				s.wantAnswer(m, a, core.ErrInvalidValue)
			}
			s.wantRead("k", one)
		},
	},
}
