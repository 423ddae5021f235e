package memory_test

import (
	"math"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// onClock runs a test on each store, on a fake clock.
func onClock(t *testing.T, test func(t *testing.T, s core.Full)) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, open(t)) })
		})
	}
}

func putFor(t *testing.T, s core.Store, collection, key string, ttl time.Duration) {
	t.Helper()
	if err := s.Put(t.Context(), collection, key, value(1), ttl); err != nil {
		t.Fatal(err)
	}
}

// An entry is visible up to the nanosecond before ExpiresAt and not from then
// on, to whichever method one asks.
func TestExpiryIsExact(t *testing.T) {
	onClock(t, func(t *testing.T, s core.Full) {
		const ttl = 1500 * time.Millisecond
		visible := func() (seen []bool) {
			many, err := s.GetMany(t.Context(), "c", []string{"k"})
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.GetAppend(t.Context(), "c", "k", nil)
			return []bool{has(t, s, "c", "k"), err == nil, many[0].Found(), len(keys(t, s, "c")) == 1,
				len(collect(t, s.Collections(t.Context()))) == 1}
		}
		putFor(t, s, "c", "k", ttl)
		time.Sleep(ttl - 1)
		if seen := visible(); slices.Contains(seen, false) {
			t.Errorf("before ExpiresAt: %v", seen)
		}
		if inserted, _ := s.Insert(t.Context(), "c", "k", value(2), core.NoTTL); inserted {
			t.Error("Insert replaced a live entry")
		}
		time.Sleep(time.Nanosecond)
		if seen := visible(); slices.Contains(seen, true) {
			t.Errorf("at ExpiresAt: %v", seen)
		}
		if deleted, err := s.Delete(t.Context(), "c", "k"); deleted || err != nil {
			t.Errorf("Delete = %v, %v", deleted, err)
		}
		putFor(t, s, "c", "k", ttl)
		time.Sleep(ttl)
		if existed, err := s.DestroyCollection(t.Context(), "c"); existed || err != nil {
			t.Errorf("DestroyCollection = %v, %v", existed, err)
		}
		putFor(t, s, "c", "k", ttl)
		time.Sleep(ttl)
		if inserted, err := s.Insert(t.Context(), "c", "k", value(2), core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert over an expired entry = %v, %v", inserted, err)
		}
	})
}

func TestTimesOfEntry(t *testing.T) {
	onClock(t, func(t *testing.T, s core.Full) {
		time.Sleep(123456789)
		for _, ttl := range []time.Duration{core.NoTTL, 1, time.Hour, math.MaxInt64} {
			now := time.Now().UTC().Round(0)
			putFor(t, s, "", "k", ttl)
			entry, err := s.Get(t.Context(), "", "k")
			if err != nil || entry.CreatedAt != now {
				t.Errorf("CreatedAt = %v, %v; want %v", entry.CreatedAt, err, now)
			}
			want := now.Add(ttl)
			if ttl == core.NoTTL {
				want = time.Time{}
			}
			if entry.ExpiresAt != want {
				t.Errorf("TTL %v: ExpiresAt = %v, want %v", ttl, entry.ExpiresAt, want)
			}
		}
		time.Sleep(1000 * time.Hour)
		if !has(t, s, "", "k") {
			t.Error("the longest time to live is over after 1,000 hours")
		}
	})
}

func TestOverwritingEndsTheOldExpiry(t *testing.T) {
	onClock(t, func(t *testing.T, s core.Full) {
		putFor(t, s, "", "k", time.Second)
		put(t, s, "", "k", 2)
		putFor(t, s, "", "l", core.NoTTL)
		putFor(t, s, "", "l", time.Second)
		time.Sleep(time.Hour)
		if got := keys(t, s, ""); !slices.Equal(got, []string{"k"}) {
			t.Errorf("left are %q", got)
		}
	})
}

func TestCull(t *testing.T) {
	onClock(t, func(t *testing.T, s core.Full) {
		for i := range 1000 {
			putFor(t, s, "c", string(rune('a'+i)), time.Duration(1+i%2)*time.Second)
		}
		putFor(t, s, "short", "k", time.Second)
		time.Sleep(time.Second)
		for _, want := range []int{501, 0} {
			if got, err := s.Cull(t.Context()); got != want || err != nil {
				t.Errorf("Cull = %d, %v; want %d", got, err, want)
			}
		}
		if got := len(keys(t, s, "c")); got != 500 {
			t.Errorf("%d keys are left", got)
		}
	})
}

// The sweep gives back memory, and plans itself for as long as that may help.
func TestSweep(t *testing.T) {
	for _, options := range []memory.Options{{}, {MaxEntries: 1000}, {SweepInterval: time.Hour}} {
		synctest.Test(t, func(t *testing.T) {
			s := newStore(t, &options)
			interval := options.SweepInterval
			if interval == 0 {
				interval = memory.DefaultSweepInterval
			}
			entries := func() int {
				synctest.Wait()
				return s.Stats().Entries
			}
			for round := range 3 {
				put(t, s, "c", "stays", 1)
				putFor(t, s, "c", "short", time.Second)
				putFor(t, s, "d", "long", interval+time.Second)
				time.Sleep(interval - 1)
				if got := entries(); got != 3 {
					t.Errorf("round %d: %d entries before the sweep", round, got)
				}
				time.Sleep(time.Nanosecond)
				if got := entries(); got != 2 {
					t.Errorf("round %d: %d entries after the sweep", round, got)
				}
				time.Sleep(interval)
				if got := entries(); got != 1 {
					t.Errorf("round %d: %d entries after the second sweep", round, got)
				}
				time.Sleep(10 * interval)
			}
		})
	}
}

func TestNoSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStore(t, &memory.Options{SweepInterval: -1})
		putFor(t, s, "", "k", time.Second)
		time.Sleep(24 * time.Hour)
		if s.Stats().Entries != 1 {
			t.Error("something swept")
		}
		s.Close()
		if s.Stats() != (memory.Stats{}) {
			t.Error("a closed store holds something")
		}
	})
}

// A sweep that comes while the store is closed finds nothing to do, and a
// write that comes then plans none.
func TestSweepAndClose(t *testing.T) {
	for range 50 {
		s := newStore(t, &memory.Options{SweepInterval: 1})
		for i := range 100 {
			if err := s.Put(t.Context(), "c", string(rune('a'+i)), value(i), 1); err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
	}
}

// A store that was dropped without Close is collected, although a sweep of it
// is planned.
func TestDroppedStoreIsCollected(t *testing.T) {
	collected := make(chan bool)
	func() {
		s, err := memory.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		putFor(t, s, "", "k", time.Hour)
		runtime.AddCleanup(s, func(c chan bool) { close(c) }, collected)
	}()
	for range 10 {
		runtime.GC()
		select {
		case <-collected:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Error("the timer of the sweep keeps the store")
}
