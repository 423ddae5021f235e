package wrappers

import (
	"encoding/json"
	"time"
)

// StatisticsSnapshot is what a [Statistics] has counted up to a moment. It is
// plain data: it can be compared, stored as JSON and read back.
type StatisticsSnapshot struct {
	// Since is when the counting began.
	Since time.Time `json:"since"`

	// Collections has the collections that are counted by themselves.
	Collections map[string]StatisticsByOperation `json:"collections"`

	// Other has the calls on all other collections.
	Other StatisticsByOperation `json:"other,omitempty"`

	// Store has the calls that name no collection: "collections", "destroy",
	// "cull", "setup" and "ping".
	Store StatisticsByOperation `json:"store,omitempty"`
}

// StatisticsByOperation has the numbers of each operation that was called,
// under the names that [core.Error] has for them, such as "get many".
type StatisticsByOperation map[string]OperationStatistics

// OperationStatistics are the numbers of one operation.
type OperationStatistics struct {
	// Calls is how often the operation was called, and Errors how many of
	// those failed, in part or as a whole. A miss is not a failure.
	Calls  uint64 `json:"calls"`
	Errors uint64 `json:"errors"`

	// Entries is how many keys the calls named, failed ones too, and of
	// "keys", "collections" and "cull" how many were listed or culled.
	Entries uint64 `json:"entries"`

	// Hits is how many of the entries, or collections, were found by a read,
	// removed, or inserted, and Misses how many were not. What failed is
	// neither. Of a bulk deletion that failed in part the misses are unknown,
	// and not counted.
	Hits   uint64 `json:"hits"`
	Misses uint64 `json:"misses"`

	// Latency is how long those of the calls took that were timed.
	Latency LatencyStatistics `json:"latency,omitzero"`
}

// HitRate returns the share of hits, from 0 to 1; 0 where nothing was found
// or missed.
func (s OperationStatistics) HitRate() float64 {
	if s.Hits == 0 {
		return 0
	}
	return float64(s.Hits) / float64(s.Hits+s.Misses)
}

// plus returns the numbers of both.
func (s OperationStatistics) plus(t OperationStatistics) OperationStatistics {
	return OperationStatistics{
		Calls:   s.Calls + t.Calls,
		Errors:  s.Errors + t.Errors,
		Entries: s.Entries + t.Entries,
		Hits:    s.Hits + t.Hits,
		Misses:  s.Misses + t.Misses,
		Latency: s.Latency.plus(t.Latency),
	}
}

// Snapshot returns what was counted until now. Each number is exact by itself.
// While calls are under way one of them may be in some numbers and not yet in
// others; there are never more errors than calls.
func (s *Statistics) Snapshot() StatisticsSnapshot {
	t := s.observer.(*tally)
	snapshot := StatisticsSnapshot{
		Since:       t.since,
		Collections: make(map[string]StatisticsByOperation),
		Other:       t.other.snapshot(),
		Store:       t.store.snapshot(),
	}
	for name, set := range t.collections.Range {
		snapshot.Collections[name.(string)] = set.(*counterSet).snapshot()
	}
	return snapshot
}

// String returns the snapshot as JSON. It makes a *Statistics an expvar.Var.
func (s *Statistics) String() string {
	text, err := json.Marshal(s.Snapshot())
	if err != nil {
		return "null" // expvar wants valid JSON; plain data does not fail
	}
	return string(text)
}

// Total returns the numbers of all collections and of the store together.
func (s StatisticsSnapshot) Total() StatisticsByOperation {
	total := make(StatisticsByOperation)
	add := func(all StatisticsByOperation) {
		for op, numbers := range all {
			total[op] = total[op].plus(numbers)
		}
	}
	add(s.Store)
	add(s.Other)
	for _, all := range s.Collections {
		add(all)
	}
	return total
}
