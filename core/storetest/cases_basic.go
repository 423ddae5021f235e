package storetest

import (
	"fmt"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

const (
	one   = `{"n":1}`
	two   = `{"n":2}`
	three = `{"n":3}`
)

// numbered returns the key and the value of entry i of many.
func numbered(i int) (key, value string) {
	return fmt.Sprintf("key-%05d", i), fmt.Sprintf(`{"n":%d}`, i)
}

var basicCases = []testCase{
	{
		name:  "missing-key",
		rules: []int{6, 7},
		run: func(s *scenario) {
			s.wantMiss("missing")
			s.wantMany([]string{"missing", "absent"}, "", "")
			s.wantDelete("missing", false)
			s.wantDeleteMany([]string{"missing", "absent"}, 0)
		},
	},
	{
		name:  "put-get-delete",
		rules: []int{3, 5, 6},
		run: func(s *scenario) {
			s.put("k", one)
			s.wantRead("k", one)
			s.put("k", two)
			s.wantRead("k", two)
			s.wantDelete("k", true)
			s.wantMiss("k")
			s.wantDelete("k", false)
			s.put("k", three)
			s.wantRead("k", three)
		},
	},
	{
		name:  "neighbours-untouched",
		rules: []int{2},
		run: func(s *scenario) {
			other := s.elsewhere()
			s.put("a", one)
			s.put("b", two)
			other.put("a", three)
			s.wantRead("a", one)
			s.wantRead("b", two)
			other.wantRead("a", three)
			other.wantMiss("b")
			s.wantDelete("a", true)
			s.wantMiss("a")
			s.wantRead("b", two)
			other.wantRead("a", three)
			other.wantDeleteMany([]string{"a", "b"}, 1)
			s.wantRead("b", two)
		},
	},
	{
		name:  "created-at",
		rules: []int{5},
		clock: true,
		run: func(s *scenario) {
			writes := map[string]func(){
				"Put":     func() { s.put("k", one) },
				"PutMany": func() { s.putMany(item("k", two)) },
			}
			for method, write := range writes {
				before := time.Now()
				write()
				s.wantCreated(method, "k", before, time.Now())
				time.Sleep(2 * s.options.TimeStep)
			}
		},
	},
	{
		name:  "created-at-of-insert",
		rules: []int{5},
		needs: core.CanInsert,
		run: func(s *scenario) {
			before := time.Now()
			s.wantInsert("k", one, true)
			s.wantCreated("Insert", "k", before, time.Now())
		},
	},
}

// skew is by how much the clock of a server may differ from ours.
func (r *caseRun) skew() time.Duration {
	if r.options.InProcess {
		return 0
	}
	return 5 * time.Second
}

// wantCreated wants an entry that was created between two times, in each way
// of reading.
func (s *scenario) wantCreated(method, key string, from, to time.Time) {
	s.Helper()
	from = from.Add(-s.options.TimeStep - s.skew())
	to = to.Add(s.skew())
	appended, err := s.tryGetAppend(key, nil)
	if err != nil {
		s.Fatalf("%s = %v, want an entry", s.call("GetAppend", key), err)
	}
	for read, entry := range map[string]core.Entry{
		"Get": s.get(key), "GetAppend": appended, "GetMany": s.getMany(key)[0],
	} {
		if entry.CreatedAt.Before(from) || entry.CreatedAt.After(to) {
			s.Errorf("after %s at %s, %s has CreatedAt %s", method, moment(to), s.call(read, key), moment(entry.CreatedAt))
		}
	}
}
