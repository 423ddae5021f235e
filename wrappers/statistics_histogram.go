package wrappers

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// histogram counts durations in buckets of nanoseconds: eight for each power
// of two, so that a bucket is at most an eighth of its lower end wide. What
// takes longer than the last begins, 68 minutes, is counted there.
type histogram struct {
	sum     atomic.Int64
	buckets [bucketCount]atomic.Uint64
}

const (
	bucketBits  = 3 // eight buckets for each power of two
	longestBits = 42
	bucketCount = (longestBits - bucketBits + 1) << bucketBits
)

// bucketOf returns the bucket that the duration falls into.
func bucketOf(d time.Duration) int {
	n := uint64(max(d, 0))
	shift := max(bits.Len64(n)-bucketBits-1, 0)
	return min(shift<<bucketBits+int(n>>shift), bucketCount-1)
}

// bucketStart returns the shortest duration that falls into the bucket.
func bucketStart(bucket int) time.Duration {
	shift := max(bucket>>bucketBits-1, 0)
	return time.Duration(bucket-shift<<bucketBits) << shift
}

func (h *histogram) observe(d time.Duration) {
	h.sum.Add(int64(max(d, 0)))
	h.buckets[bucketOf(d)].Add(1)
}

func (h *histogram) snapshot() LatencyStatistics {
	s := LatencyStatistics{Sum: time.Duration(h.sum.Load())}
	for i := range h.buckets {
		if n := h.buckets[i].Load(); n > 0 {
			s.Samples += n
			s.Buckets = append(s.Buckets, LatencyBucket{Below: bucketStart(i + 1), Samples: n})
		}
	}
	return s
}
