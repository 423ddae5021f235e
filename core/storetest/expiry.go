package storetest

import (
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// shortTTL is how long entries live whose end a case waits for: at least as
// long as the store's times are coarse.
func (r *caseRun) shortTTL() time.Duration {
	return max(300*time.Millisecond, 3*r.options.TimeStep)
}

// putShort puts an entry that soon expires and returns when that is, as the
// store has it.
func (s *scenario) putShort(key, value string) time.Time {
	s.Helper()
	ttl := s.shortTTL()
	before := time.Now()
	s.putFor(key, value, ttl)
	return s.expiry(key, before, ttl)
}

// expiry returns the ExpiresAt of an entry that was just written with a time
// to live. On a slow server it may have expired before it was read.
func (s *scenario) expiry(key string, before time.Time, ttl time.Duration) time.Time {
	s.Helper()
	entry, err := s.tryGet(key)
	switch {
	case missed(entry, err) && time.Since(before) >= ttl:
		return time.Now()
	case err != nil:
		s.Fatalf("%s = %v, %v after it was put with a time to live of %v; want an entry",
			s.call("Get", key), err, time.Since(before), ttl)
	case entry.ExpiresAt.IsZero():
		s.Fatalf("%s has no ExpiresAt, although it was put with a time to live of %v", s.call("Get", key), ttl)
	}
	return entry.ExpiresAt
}

// wantExpiry wants an entry that was written between two times and expires
// that much later, whichever way it is read.
func (s *scenario) wantExpiry(key string, from, to time.Time, ttl time.Duration) {
	s.Helper()
	// One after the other: the longest time to live has no room for more.
	earliest := from.Add(ttl).Add(-s.skew())
	latest := to.Add(ttl).Add(s.options.TimeStep).Add(s.skew())
	appended, err := s.tryGetAppend(key, nil)
	if err != nil {
		s.Fatalf("%s = %v, want an entry", s.call("GetAppend", key), err)
	}
	for method, entry := range map[string]core.Entry{
		"Get": s.get(key), "GetAppend": appended, "GetMany": s.getMany(key)[0],
	} {
		if entry.ExpiresAt.Before(earliest) || entry.ExpiresAt.After(latest) {
			s.Errorf("%s, put at %s with a time to live of %v, has ExpiresAt %s",
				s.call(method, key), moment(from), ttl, moment(entry.ExpiresAt))
		}
	}
}

// wantNoExpiry wants an entry that never expires, whichever way it is read.
func (s *scenario) wantNoExpiry(key string) {
	s.Helper()
	appended, err := s.tryGetAppend(key, nil)
	if err != nil {
		s.Fatalf("%s = %v, want an entry", s.call("GetAppend", key), err)
	}
	for method, entry := range map[string]core.Entry{
		"Get": s.get(key), "GetAppend": appended, "GetMany": s.getMany(key)[0],
	} {
		if remaining, expires := entry.TTL(); expires {
			s.Errorf("%s, put without a time to live, expires in %v; want never", s.call(method, key), remaining)
		}
	}
}

// watch reads the key until it is gone. An answer that was asked for at or
// after the entry's ExpiresAt must be a miss, one that came before it must not.
func (s *scenario) watch(key string, expires time.Time) {
	s.Helper()
	reads := []struct {
		method string
		read   func() (core.Entry, error)
	}{
		{"Get", func() (core.Entry, error) { return s.tryGet(key) }},
		{"GetAppend", func() (core.Entry, error) { return s.tryGetAppend(key, nil) }},
		{"GetMany", func() (core.Entry, error) { return s.firstOf(key) }},
	}
	for _, at := range []time.Duration{-s.shortTTL() / 2, -s.shortTTL() / 10, -1, 0, 1, s.options.TimeStep} {
		sleepUntil(expires.Add(at))
		for _, r := range reads {
			asked := time.Now()
			entry, err := r.read()
			answered := time.Now()
			switch {
			case err != nil && !missed(entry, err):
				s.Fatalf("%s = %s", s.call(r.method, key), described(entry, err))
			case err == nil && !asked.Before(expires):
				s.Errorf("%s is still there %v after its ExpiresAt", s.call(r.method, key), asked.Sub(expires))
			case err != nil && answered.Before(expires):
				s.Errorf("%s is gone %v before its ExpiresAt", s.call(r.method, key), expires.Sub(answered))
			}
		}
	}
}

// firstOf reads one key with GetMany and answers as Get does.
func (s *scenario) firstOf(key string) (core.Entry, error) {
	entry := s.getMany(key)[0]
	if !entry.Found() {
		return core.Entry{}, core.ErrNotFound
	}
	return entry, nil
}
