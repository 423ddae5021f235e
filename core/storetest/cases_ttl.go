package storetest

import (
	"fmt"
	"math"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

var ttlCases = []testCase{
	{
		name:  "no-ttl",
		rules: []int{4},
		run: func(s *scenario) {
			s.put("put", one)
			s.putMany(item("put-many", one))
			s.wantNoExpiry("put")
			s.wantNoExpiry("put-many")
			if s.can(core.CanInsert) {
				s.wantInsert("insert", one, true)
				s.wantNoExpiry("insert")
			}
		},
	},
	{
		name:  "ttl-is-kept",
		rules: []int{4},
		run: func(s *scenario) {
			for _, ttl := range []time.Duration{100 * time.Second, 90*time.Minute + 1500*time.Microsecond, 9 * 24 * time.Hour} {
				before := time.Now()
				s.putFor("put", one, ttl)
				s.wantExpiry("put", before, time.Now(), ttl)
				before = time.Now()
				s.putMany(core.Item{Key: "put-many", Value: []byte(one), TTL: ttl})
				s.wantExpiry("put-many", before, time.Now(), ttl)
			}
		},
	},
	{
		name:  "ttl-of-insert",
		rules: []int{4},
		needs: core.CanInsert,
		run: func(s *scenario) {
			const ttl = 100 * time.Second
			before := time.Now()
			if inserted, err := s.tryInsert("k", one, ttl); !inserted || err != nil {
				s.Fatalf("%s = %v, %v; want true, nil", s.call("Insert", "k"), inserted, err)
			}
			s.wantExpiry("k", before, time.Now(), ttl)
		},
	},
	{
		// Where databases count in 32 bits, take a large number for a date, or
		// overflow.
		name:  "long-ttls",
		rules: []int{4},
		run: func(s *scenario) {
			for i, ttl := range []time.Duration{
				30 * 24 * time.Hour, 30*24*time.Hour + time.Second, 31 * 24 * time.Hour, 366 * 24 * time.Hour,
				math.MaxInt32 * time.Second, (math.MaxInt32 + 1) * time.Second, (math.MaxUint32 + 1) * time.Second,
				math.MaxInt64 - 1, math.MaxInt64,
			} {
				key := fmt.Sprint("k", i)
				before := time.Now()
				s.putFor(key, one, ttl)
				s.wantRead(key, one)
				s.wantExpiry(key, before, time.Now(), ttl)
			}
		},
	},
	{
		name:  "negative-ttl",
		rules: []int{4},
		run: func(s *scenario) {
			for _, ttl := range []time.Duration{-1, -time.Millisecond, -time.Second, -100 * time.Second, math.MinInt64} {
				a := s.legal()
				a.ttl = ttl
				for _, m := range s.methods(takesItem) {
					s.wrote("first", a.key)
					s.wantAnswer(m, a, core.ErrInvalidTTL)
				}
			}
			s.wantMany([]string{"first", "k"}, "", "")
		},
	},
	{
		name:  "expiry",
		rules: []int{4},
		clock: true,
		run: func(s *scenario) {
			s.put("stays", two)
			expires := s.putShort("k", one)
			s.watch("k", expires)
			s.wantMiss("k")
			s.wantRead("stays", two)
		},
	},
	{
		name:  "ttl-below-a-second",
		rules: []int{4},
		clock: true,
		run: func(s *scenario) {
			for _, ttl := range []time.Duration{900 * time.Millisecond, 250 * time.Millisecond, 30 * time.Millisecond} {
				ttl = max(ttl, s.options.TimeStep)
				before := time.Now()
				s.putFor("k", one, ttl)
				expires := s.expiry("k", before, ttl)
				if late := before.Add(ttl + s.options.TimeStep + s.skew() + time.Second/2); expires.After(late) {
					s.Errorf("%s, put at %s with a time to live of %v, has ExpiresAt %s",
						s.call("Get", "k"), moment(before), ttl, moment(expires))
					return // not waited for
				}
				sleepUntil(expires)
				s.wantMiss("k")
			}
		},
	},
	{
		name:  "ttl-of-a-nanosecond",
		rules: []int{4},
		clock: true,
		run: func(s *scenario) {
			s.putFor("k", one, 1)
			time.Sleep(2 * s.options.TimeStep)
			s.wantMiss("k")
		},
	},
	{
		name:  "ttl-of-each-item",
		rules: []int{4, 7},
		clock: true,
		run: func(s *scenario) {
			before := time.Now()
			s.putMany(
				core.Item{Key: "short", Value: []byte(one), TTL: s.shortTTL()},
				core.Item{Key: "never", Value: []byte(two)},
				core.Item{Key: "long", Value: []byte(three), TTL: time.Hour},
			)
			after := time.Now()
			s.wantNoExpiry("never")
			s.wantExpiry("long", before, after, time.Hour)
			expires := s.expiry("short", before, s.shortTTL())
			s.watch("short", expires)
			s.wantMany([]string{"short", "never", "long"}, "", two, three)
		},
	},
	{
		name:  "expired-is-not-there",
		rules: []int{4, 6},
		clock: true,
		run: func(s *scenario) {
			for _, key := range []string{"a", "b", "c"} {
				s.putShort(key, one)
			}
			sleepUntil(s.putShort("d", one))
			s.wantMany([]string{"a", "b", "c", "d"}, "", "", "", "")
			s.wantDelete("a", false)
			s.wantDeleteMany([]string{"b", "c"}, 0)
			s.wantKeys()
			s.wantNotListed(s.collection)
			if s.can(core.CanInsert) {
				s.wantInsert("d", two, true)
				s.wantRead("d", two)
				s.wantNoExpiry("d")
			}
		},
	},
}
