package wrappers

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// LatencyStatistics say how long calls took, of which a sample was timed.
type LatencyStatistics struct {
	// Samples is how many calls were timed.
	Samples uint64 `json:"samples"`

	// Sum is how long those took together, as JSON in nanoseconds.
	Sum time.Duration `json:"sum_ns"`

	// Buckets are those that are not empty, from short to long.
	Buckets []LatencyBucket `json:"buckets,omitempty"`
}

// LatencyBucket is a bucket of a histogram. It is at most an eighth as wide as
// the durations in it, or a nanosecond.
type LatencyBucket struct {
	// Below is the end of the bucket, as JSON in nanoseconds: what is in it
	// took less. The last bucket, which ends at 73 minutes, has what took
	// longer, too.
	Below time.Duration `json:"below_ns"`

	// Samples is how many calls are in the bucket.
	Samples uint64 `json:"samples"`
}

// Mean returns the average, or 0 where no call was timed.
func (s LatencyStatistics) Mean() time.Duration {
	if s.Samples == 0 {
		return 0
	}
	return time.Duration(float64(s.Sum) / float64(s.Samples))
}

// Quantile returns how long the given share of the calls took at most: 0.5
// asks for the median, 0.99 for the 99th percentile. It is exact to within
// an eighth. It is 0 where no call was timed.
func (s LatencyStatistics) Quantile(share float64) time.Duration {
	if len(s.Buckets) == 0 {
		return 0
	}
	rank := uint64(math.Ceil(min(max(share, 0), 1) * float64(s.Samples)))
	for _, bucket := range s.Buckets {
		if rank <= bucket.Samples {
			start := bucketStart(bucketOf(bucket.Below - 1))
			within := float64(rank) / float64(bucket.Samples)
			return start + time.Duration(within*float64(bucket.Below-1-start))
		}
		rank -= bucket.Samples
	}
	return s.Buckets[len(s.Buckets)-1].Below
}

// plus returns the numbers of both.
func (s LatencyStatistics) plus(t LatencyStatistics) LatencyStatistics {
	sum := LatencyStatistics{Samples: s.Samples + t.Samples, Sum: s.Sum + t.Sum}
	all := slices.Concat(s.Buckets, t.Buckets)
	slices.SortFunc(all, func(a, b LatencyBucket) int { return cmp.Compare(a.Below, b.Below) })
	for _, bucket := range all {
		if last := len(sum.Buckets) - 1; last >= 0 && sum.Buckets[last].Below == bucket.Below {
			sum.Buckets[last].Samples += bucket.Samples
		} else {
			sum.Buckets = append(sum.Buckets, bucket)
		}
	}
	return sum
}
