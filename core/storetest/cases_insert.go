package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// race lets many callers insert under one key at once, each a value of its
// own, and wants one winner, whose value is there.
func (s *scenario) race(key string, callers int) {
	s.Helper()
	var mutex sync.Mutex
	var winners []int
	s.together(callers, func(caller int) {
		inserted, err := s.tryInsert(key, fmt.Sprintf(`{"caller":%d}`, caller), core.NoTTL)
		s.wantNoError("Insert", key, err)
		if inserted {
			mutex.Lock()
			winners = append(winners, caller)
			mutex.Unlock()
		}
	})
	if len(winners) != 1 {
		s.Errorf("of %d racing calls of %s, %d were told true; want 1", callers, s.call("Insert", key), len(winners))
		return
	}
	s.wantRead(key, fmt.Sprintf(`{"caller":%d}`, winners[0]))
}

var insertCases = []testCase{
	{
		name:  "insert",
		rules: []int{16},
		needs: core.CanInsert,
		run: func(s *scenario) {
			s.wantInsert("k", one, true)
			s.wantRead("k", one)
			s.wantInsert("k", two, false)
			s.wantInsert("k", one, false) // the same value is no excuse
			s.wantRead("k", one)
			s.wantKeys("k")
			s.wantDelete("k", true)
			s.wantInsert("k", three, true)
			s.wantRead("k", three)
			s.wantDeleteMany([]string{"k"}, 1)
			s.put("k", one)
			s.wantInsert("k", two, false)
			s.put("k", two)
			s.wantRead("k", two)
			s.elsewhere().wantInsert("k", three, true)
		},
	},
	{
		name:  "insert-refused-changes-nothing",
		rules: []int{5, 16},
		needs: core.CanInsert,
		run: func(s *scenario) {
			const ttl = time.Hour
			before := time.Now()
			s.putFor("with", one, ttl)
			after := time.Now()
			s.put("without", one)
			created := s.get("with").CreatedAt
			for _, key := range []string{"with", "without"} {
				for _, ttl := range []time.Duration{core.NoTTL, time.Second, 100 * time.Hour} {
					if inserted, err := s.tryInsert(key, two, ttl); inserted || err != nil {
						s.Errorf("%s over a live entry = %v, %v; want false, nil", s.call("Insert", key), inserted, err)
					}
				}
				s.wantRead(key, one)
			}
			s.wantExpiry("with", before, after, ttl)
			s.wantNoExpiry("without")
			if now := s.get("with").CreatedAt; !now.Equal(created) {
				s.Errorf("%s, refused, moved CreatedAt from %s to %s", s.call("Insert", "with"), moment(created), moment(now))
			}
		},
	},
	{
		name:  "insert-over-expired",
		rules: []int{4, 16},
		needs: core.CanInsert,
		clock: true,
		run: func(s *scenario) {
			s.putShort("early", one)
			expires := s.putShort("k", one)
			if inserted, err := s.tryInsert("early", two, core.NoTTL); err != nil || inserted && time.Now().Before(expires.Add(-s.skew())) {
				s.Errorf("%s over an entry that has not yet expired = %v, %v; want false, nil", s.call("Insert", "early"), inserted, err)
			}
			sleepUntil(expires)
			if inserted, err := s.tryInsert("k", three, time.Hour); err != nil || !inserted {
				s.Errorf("%s over an expired entry = %v, %v; want true, nil", s.call("Insert", "k"), inserted, err)
			}
			s.wantRead("k", three)
			s.wantInsert("k", one, false)
		},
	},
	{
		name:  "inserted-expires",
		rules: []int{4, 16},
		needs: core.CanInsert,
		clock: true,
		run: func(s *scenario) {
			before := time.Now()
			if inserted, err := s.tryInsert("k", one, s.shortTTL()); !inserted || err != nil {
				s.Fatalf("%s = %v, %v; want true, nil", s.call("Insert", "k"), inserted, err)
			}
			expires := s.expiry("k", before, s.shortTTL())
			s.watch("k", expires)
			s.wantInsert("k", two, true)
			s.wantNoExpiry("k")
		},
	},
	{
		name:  "racing-inserts",
		rules: []int{11, 16},
		needs: core.CanInsert,
		run: func(s *scenario) {
			s.race("k", 1000)
			for i := range 20 {
				key, _ := numbered(i)
				s.race(key, 8)
			}
		},
	},
	{
		name:  "racing-inserts-over-expired",
		rules: []int{16, 17},
		needs: core.CanInsert,
		clock: true,
		run: func(s *scenario) {
			var keys []string
			for i := range 10 {
				key, value := numbered(i)
				s.putFor(key, value, s.shortTTL())
				keys = append(keys, key)
			}
			sleepUntil(s.putShort("last", one))
			for _, key := range keys {
				s.race(key, 16)
			}
		},
	},
	{
		// A lock as people build it: whoever inserted holds it until they
		// delete.
		name:  "insert-as-a-lock",
		rules: []int{6, 11, 16},
		needs: core.CanInsert,
		run: func(s *scenario) {
			var holders atomic.Int64
			s.together(8, func(caller int) {
				for range 20 {
					inserted, err := s.tryInsert("lock", marked(caller), core.NoTTL)
					s.wantNoError("Insert", "lock", err)
					if !inserted {
						continue
					}
					if holders.Add(1) > 1 {
						s.Errorf("two callers of %s were told true, and neither had deleted", s.call("Insert", "lock"))
					}
					if entry, err := s.tryGet("lock"); err != nil || !s.same(entry.Value, marked(caller)) {
						s.Errorf("%s by who has just inserted = %s; want the value inserted", s.call("Get", "lock"), described(entry, err))
					}
					holders.Add(-1)
					if live, err := s.tryDelete("lock"); !live || err != nil {
						s.Errorf("%s by who has just inserted = %v, %v; want true, nil", s.call("Delete", "lock"), live, err)
					}
				}
			})
		},
	},
}
