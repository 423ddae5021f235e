package wrappers

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WriteText writes the numbers in the text format that Prometheus reads:
//
//	keyvalue_calls_total{collection="users",operation="get"} 12
//
// and likewise keyvalue_errors_total, keyvalue_entries_total,
// keyvalue_hits_total, keyvalue_misses_total and the histogram
// keyvalue_latency_seconds, which counts the calls that were timed only. The
// collection is empty for all that are not counted by themselves, and for
// calls that name none. The order is that of the names.
func (s StatisticsSnapshot) WriteText(w io.Writer) error {
	rows := s.rows()
	out := bufio.NewWriter(w)
	for _, counter := range textCounters {
		name := "keyvalue_" + counter.name + "_total"
		fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s counter\n", name, counter.help, name)
		for _, row := range rows {
			fmt.Fprintf(out, "%s{%s} %d\n", name, row.labels, counter.of(row.numbers))
		}
	}
	const name = "keyvalue_latency_seconds"
	fmt.Fprintf(out, "# HELP %s How long a sample of the calls took.\n# TYPE %s histogram\n", name, name)
	for _, row := range rows {
		writeLatency(out, name, row.labels, row.numbers.Latency)
	}
	return out.Flush() // a bufio.Writer keeps the first error
}

var textCounters = []struct {
	name, help string
	of         func(OperationStatistics) uint64
}{
	{"calls", "Calls of the store.", func(s OperationStatistics) uint64 { return s.Calls }},
	{"errors", "Calls that failed, in part or as a whole.", func(s OperationStatistics) uint64 { return s.Errors }},
	{"entries", "Entries that the calls named, or listed.", func(s OperationStatistics) uint64 { return s.Entries }},
	{"hits", "Entries that were found, removed or inserted.", func(s OperationStatistics) uint64 { return s.Hits }},
	{"misses", "Entries that were not.", func(s OperationStatistics) uint64 { return s.Misses }},
}

// textRow has the numbers that are written with the same labels.
type textRow struct {
	labels  string
	numbers OperationStatistics
}

func (s StatisticsSnapshot) rows() []textRow {
	var rows []textRow
	add := func(collection string, all StatisticsByOperation) {
		for _, op := range slices.Sorted(maps.Keys(all)) {
			labels := `collection="` + labelEscaper.Replace(collection) + `",operation="` + labelEscaper.Replace(op) + `"`
			rows = append(rows, textRow{labels, all[op]})
		}
	}
	add("", s.Store) // shares no operation with Other
	add("", s.Other)
	for _, collection := range slices.Sorted(maps.Keys(s.Collections)) {
		add(collection, s.Collections[collection])
	}
	return rows
}

// labelEscaper escapes what the format demands: names may be hostile.
var labelEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// writeLatency writes a histogram of coarser buckets than are counted, always
// the same ones as the format demands: from a microsecond, or rather 2 to the
// power of 10 nanoseconds, each four times the one before.
func writeLatency(out io.Writer, name, labels string, latency LatencyStatistics) {
	if latency.Samples == 0 {
		return
	}
	var below uint64
	buckets := latency.Buckets
	for bits := 10; bits <= 34; bits += 2 { // up to 17 s
		end := time.Duration(1) << bits
		for len(buckets) > 0 && buckets[0].Below <= end {
			below += buckets[0].Samples
			buckets = buckets[1:]
		}
		fmt.Fprintf(out, "%s_bucket{%s,le=\"%s\"} %d\n", name, labels, seconds(end), below)
	}
	fmt.Fprintf(out, "%s_bucket{%s,le=\"+Inf\"} %d\n", name, labels, latency.Samples)
	fmt.Fprintf(out, "%s_sum{%s} %s\n", name, labels, seconds(latency.Sum))
	fmt.Fprintf(out, "%s_count{%s} %d\n", name, labels, latency.Samples)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'g', -1, 64) }
