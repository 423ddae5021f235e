package wrappers

import (
	"math"
	"testing"
	"time"
)

func TestHistogramBuckets(t *testing.T) {
	if start := bucketStart(0); start != 0 {
		t.Errorf("the first bucket starts at %v", start)
	}
	for bucket := range bucketCount {
		start, end := bucketStart(bucket), bucketStart(bucket+1)
		if end <= start {
			t.Fatalf("bucket %d is from %d to %d", bucket, start, end)
		}
		if wide := max(1, start/8); end-start > wide {
			t.Errorf("bucket %d from %d is %d wide, want at most %d", bucket, start, end-start, wide)
		}
		for _, d := range []time.Duration{start, start + (end-start)/2, end - 1} {
			if got := bucketOf(d); got != bucket {
				t.Errorf("%d ns is in bucket %d, want %d", d, got, bucket)
			}
		}
	}
	if last := bucketOf(math.MaxInt64); last != bucketCount-1 {
		t.Errorf("the longest duration is in bucket %d of %d", last, bucketCount)
	}
	if first := bucketOf(-time.Second); first != 0 {
		t.Errorf("a negative duration is in bucket %d", first)
	}
}

func TestLatencyQuantile(t *testing.T) {
	var h histogram
	for ms := range 1000 {
		h.observe(time.Duration(ms+1) * time.Millisecond)
	}
	s := h.snapshot()
	if want := 500500 * time.Microsecond; s.Samples != 1000 || s.Mean() != want {
		t.Errorf("%d samples of %v on average, want 1000 of %v", s.Samples, s.Mean(), want)
	}
	for share, want := range map[float64]time.Duration{
		-1: time.Millisecond, 0: time.Millisecond, 0.1: 100 * time.Millisecond, 0.5: 500 * time.Millisecond,
		0.99: 990 * time.Millisecond, 1: time.Second, 2: time.Second,
	} {
		if got := s.Quantile(share); math.Abs(float64(got-want)) > float64(want)/8 {
			t.Errorf("Quantile(%v) = %v, want about %v", share, got, want)
		}
	}
	if got := (LatencyStatistics{}).Quantile(0.5); got != 0 {
		t.Errorf("the median of nothing is %v", got)
	}
	if got := (LatencyStatistics{}).Mean(); got != 0 {
		t.Errorf("the mean of nothing is %v", got)
	}
}

func TestLatencyPlus(t *testing.T) {
	var odd, even, both histogram
	for n := range 100 {
		d := time.Duration(n*n) * time.Microsecond
		both.observe(d)
		if n%2 == 0 {
			even.observe(d)
		} else {
			odd.observe(d)
		}
	}
	got, want := odd.snapshot().plus(even.snapshot()), both.snapshot()
	if got.Samples != want.Samples || got.Sum != want.Sum || len(got.Buckets) != len(want.Buckets) {
		t.Fatalf("the sum is %+v, want %+v", got, want)
	}
	for i := range want.Buckets {
		if got.Buckets[i] != want.Buckets[i] {
			t.Errorf("bucket %d is %+v, want %+v", i, got.Buckets[i], want.Buckets[i])
		}
	}
}
