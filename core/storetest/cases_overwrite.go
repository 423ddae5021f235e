package storetest

import (
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// rewrites are the ways to write over an entry.
var rewrites = map[string]func(s *scenario, key, value string, ttl time.Duration) error{
	"Put": func(s *scenario, key, value string, ttl time.Duration) error {
		return s.tryPut(key, value, ttl)
	},
	"PutMany": func(s *scenario, key, value string, ttl time.Duration) error {
		return s.tryPutMany(core.Item{Key: key, Value: []byte(value), TTL: ttl})
	},
}

// rewrite writes over the key in each way, on a key of its own for each.
func (s *scenario) rewrite(value string, ttl time.Duration) {
	s.Helper()
	for method, write := range rewrites {
		if err := write(s, method, value, ttl); err != nil {
			s.Fatalf("%s over an entry = %v, want nil", s.call(method, method), err)
		}
	}
}

// eachRewritten calls the function with the key of each way.
func eachRewritten(check func(key string)) {
	for method := range rewrites {
		check(method)
	}
}

var overwriteCases = []testCase{
	{
		name:  "overwrite-value",
		rules: []int{5},
		run: func(s *scenario) {
			// Shorter, longer, and with other members: nothing of the old value
			// may be left.
			for _, value := range []string{`{"a":1,"b":{"c":2}}`, `{}`, sized(5000), `{"b":{"d":3}}`} {
				s.rewrite(value, core.NoTTL)
				eachRewritten(func(key string) { s.wantRead(key, value) })
			}
		},
	},
	{
		name:  "overwrite-without-ttl",
		rules: []int{5},
		clock: true,
		run: func(s *scenario) {
			s.rewrite(one, s.shortTTL())
			expires := time.Now().Add(s.shortTTL() + s.options.TimeStep)
			s.rewrite(two, core.NoTTL)
			eachRewritten(s.wantNoExpiry)
			sleepUntil(expires)
			eachRewritten(func(key string) { s.wantRead(key, two) })
		},
	},
	{
		name:  "overwrite-with-ttl",
		rules: []int{5},
		clock: true,
		run: func(s *scenario) {
			s.rewrite(one, core.NoTTL)
			before := time.Now()
			s.rewrite(two, s.shortTTL())
			eachRewritten(func(key string) {
				sleepUntil(s.expiry(key, before, s.shortTTL()))
				s.wantMiss(key)
			})
		},
	},
	{
		name:  "overwrite-with-longer-ttl",
		rules: []int{5},
		clock: true,
		run: func(s *scenario) {
			s.rewrite(one, s.shortTTL())
			old := time.Now().Add(s.shortTTL() + s.options.TimeStep)
			before := time.Now()
			s.rewrite(two, time.Hour)
			after := time.Now()
			sleepUntil(old)
			eachRewritten(func(key string) {
				s.wantRead(key, two)
				s.wantExpiry(key, before, after, time.Hour)
			})
		},
	},
	{
		name:  "overwrite-renews-created-at",
		rules: []int{5},
		clock: true,
		run: func(s *scenario) {
			s.rewrite(one, core.NoTTL)
			old := make(map[string]time.Time)
			eachRewritten(func(key string) { old[key] = s.get(key).CreatedAt })
			time.Sleep(s.shortTTL())
			before := time.Now()
			s.rewrite(two, core.NoTTL)
			after := time.Now()
			eachRewritten(func(key string) {
				s.wantCreated(key, key, before, after)
				if created := s.get(key).CreatedAt; !created.After(old[key]) {
					s.Errorf("%s over an entry of %s leaves CreatedAt at %s", s.call(key, key), moment(old[key]), moment(created))
				}
			})
		},
	},
	{
		name:  "put-over-expired",
		rules: []int{5},
		clock: true,
		run: func(s *scenario) {
			before := time.Now()
			s.rewrite(one, s.shortTTL())
			eachRewritten(func(key string) { sleepUntil(s.expiry(key, before, s.shortTTL())) })
			s.rewrite(two, core.NoTTL)
			eachRewritten(func(key string) {
				s.wantRead(key, two)
				s.wantNoExpiry(key)
			})
		},
	},
}
