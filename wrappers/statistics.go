package wrappers

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// StatisticsOptions configure a [Statistics]. Nil and the zero value are valid.
type StatisticsOptions struct {
	// MaxCollections is how many collections are counted each by itself. Zero
	// means 1024. Calls on further ones are counted together, as are those on
	// a name that is longer than 256 bytes or not valid UTF-8, so that
	// hostile names cannot fill the memory.
	MaxCollections int

	// SampleEvery is of how many calls one is timed, chosen at random, as
	// reading the clock costs more than counting. Zero means 16, one means
	// each call, and a negative number none.
	SampleEvery int
}

// Statistics counts the calls on a store, by operation and collection: how
// many there were, failed, found what they asked for, and how long they took.
// [Statistics.Snapshot] returns the numbers as plain data, which has a method
// for the text that Prometheus reads; a *Statistics is an expvar.Var.
//
//	expvar.Publish("store", statistics)
//
// A call that misses is no failure. The time of a listing is that of the store,
// without that of the loop's body. Of bulk calls each key counts as an entry.
//
// Counting takes no lock and allocates nothing, but for the first call on a
// collection and the first that is timed. A collection takes less than 1 KiB,
// and 2.6 KiB for each operation that was timed on it. Numbers only grow;
// they end with the wrapper. Statistics is transparent.
type Statistics struct{ observed }

var (
	_ core.Full      = (*Statistics)(nil)
	_ core.Unwrapper = (*Statistics)(nil)
)

// NewStatistics returns a store that counts the calls on inner.
func NewStatistics(inner core.Store, options *StatisticsOptions) (*Statistics, error) {
	const name = "statistics"
	var o StatisticsOptions
	if options != nil {
		o = *options
	}
	if inner == nil {
		return nil, refuseOptions(name, "there is no store inside")
	}
	if o.MaxCollections < 0 {
		return nil, refuseOptions(name, "MaxCollections is negative")
	}
	if o.MaxCollections == 0 {
		o.MaxCollections = 1024
	}
	if o.SampleEvery == 0 {
		o.SampleEvery = 16
	}
	tally := &tally{since: time.Now(), maxCollections: int64(o.MaxCollections)}
	if o.SampleEvery > 0 {
		tally.sampleEvery = uint64(o.SampleEvery)
	}
	return &Statistics{observed{newLife(name, inner), inner, tally}}, nil
}

// maxCountedName is the length in bytes up to which a collection is counted
// by itself.
const maxCountedName = 256

// tally is the observer that counts.
type tally struct {
	since          time.Time
	sampleEvery    uint64 // zero: none
	maxCollections int64

	collections sync.Map     // of string to *counterSet
	known       atomic.Int64 // how many those are
	adding      sync.Mutex   // held while one is added

	other counterSet // calls on all other collections
	store counterSet // calls that name no collection
}

var _ observer = (*tally)(nil)

func (t *tally) begin(context.Context, call) time.Time {
	if t.sampleEvery == 0 || t.sampleEvery > 1 && rand.Uint64N(t.sampleEvery) != 0 {
		return time.Time{}
	}
	return time.Now()
}

func (t *tally) end(_ context.Context, c call, a answer) {
	counters := &t.of(c)[c.op]
	counters.count(c, a)
	if !c.began.IsZero() {
		counters.latencies().observe(time.Since(c.began))
	}
}

// of returns the counters that the call belongs to.
func (t *tally) of(c call) *counterSet {
	if !c.op.ofCollection() {
		return &t.store
	}
	name := core.CollectionName(c.collection)
	if set, ok := t.collections.Load(name); ok {
		return set.(*counterSet)
	}
	if t.known.Load() >= t.maxCollections || len(name) > maxCountedName || !utf8.ValidString(name) {
		return &t.other
	}
	return t.add(name)
}

func (t *tally) add(name string) *counterSet {
	t.adding.Lock()
	defer t.adding.Unlock()
	if set, ok := t.collections.Load(name); ok {
		return set.(*counterSet)
	}
	if t.known.Load() >= t.maxCollections {
		return &t.other
	}
	set := new(counterSet)
	t.collections.Store(strings.Clone(name), set) // what it was cut from may be large
	t.known.Add(1)
	return set
}
