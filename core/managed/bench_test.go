package managed

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// reference is the envelope as one would write it with encoding/json.
type reference struct {
	Collection string          `json:"collection"`
	CreatedAt  time.Time       `json:"created_at"`
	ExpiresAt  time.Time       `json:"expires_at"`
	Key        string          `json:"key"`
	Value      json.RawMessage `json:"value"`
	Version    int             `json:"version"`
}

// sample returns a record whose value has about size bytes.
func sample(size int) *Record {
	var value strings.Builder
	value.WriteString(`{"rows":[`)
	for i := 0; value.Len() < size-2; i++ {
		if i > 0 {
			value.WriteByte(',')
		}
		if size <= 100 {
			fmt.Fprintf(&value, `{"name":"Ada Lovelace","id":%d,"ok":true}`, i)
		} else {
			fmt.Fprintf(&value, `{"name":"Ada Lovelace","id":%d,"note":"A somewhat longer text, as users write it: café, naïve.","ok":true}`, i)
		}
	}
	value.WriteString(`]}`)
	return &Record{Collection: "users", Key: "user-0000042", Entry: core.Entry{
		Value: json.RawMessage(value.String()), CreatedAt: moment, ExpiresAt: moment.Add(time.Hour),
	}}
}

// compare times both in turns, so that whatever else the machine does hits
// both alike, and reports nanoseconds, ratio, speed and allocations.
func compare(b *testing.B, bytes int, ours, theirs func()) {
	const turns = 20
	var our, their time.Duration
	for b.Loop() {
		start := time.Now()
		for range turns {
			ours()
		}
		middle := time.Now()
		for range turns {
			theirs()
		}
		our += middle.Sub(start)
		their += time.Since(middle)
	}
	n := float64(b.N * turns)
	b.ReportMetric(float64(our)/n, "ours-ns")
	b.ReportMetric(float64(their)/n, "json-ns")
	b.ReportMetric(float64(our)/float64(their), "x-of-json")
	b.ReportMetric(float64(bytes)*n/our.Seconds()/1e6, "ours-MB/s")
	b.ReportMetric(testing.AllocsPerRun(10, ours), "ours-allocs")
	b.ReportMetric(0, "ns/op")
}

var sizes = []int{100, 1 << 10, 64 << 10}

func BenchmarkDecode(b *testing.B) {
	for _, size := range sizes {
		data := Append(nil, sample(size))
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			compare(b, len(data), func() {
				if _, err := DecodeAs(data, "users", "user-0000042"); err != nil {
					b.Fatal(err)
				}
			}, func() {
				var r reference
				if err := json.Unmarshal(data, &r); err != nil || r.Key != "user-0000042" {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, size := range sizes {
		record := sample(size)
		r := reference{record.Collection, record.CreatedAt, record.ExpiresAt, record.Key, record.Value, 1}
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			compare(b, len(record.Value), func() {
				if Append(nil, record) == nil {
					b.Fatal("nothing")
				}
			}, func() {
				if _, err := json.Marshal(&r); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkAppendCanonical compares with a way to sort members with
// encoding/json, which is not yet the form of Python.
func BenchmarkAppendCanonical(b *testing.B) {
	for _, size := range sizes {
		record := sample(size)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			compare(b, len(record.Value), func() {
				if _, err := AppendCanonical(nil, record); err != nil {
					b.Fatal(err)
				}
			}, func() {
				var value map[string]any
				if err := json.Unmarshal(record.Value, &value); err != nil {
					b.Fatal(err)
				}
				if _, err := json.Marshal(value); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
