// Package compare measures memory beside other ways to keep bytes in a
// process: a map under a lock, otter and ttlcache. It has benchmarks only, and
// a go.mod of its own so that memory does not require what it is compared to.
//
//	go test -bench . -benchtime 3s
//
// Each benchmark runs all contestants by turns, a short batch each, so that
// whatever else the machine does slows all of them alike. It reports the
// median time per call, and the median of the ratios that the batches of one
// turn have to each other. Compare the ratios.
//
// The others promise less. None checks that a value is JSON. otter and
// ttlcache keep the slice that they are given and hand it out, so they are
// measured with the copies that a caller needs to be safe.
package compare
