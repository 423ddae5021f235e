// Package compare measures wrappers beside other libraries that do the same.
// It has benchmarks, tests that each reads what the other writes, and a go.mod
// of its own so that package wrappers does not require what it is compared to.
//
//	go test -bench . -benchtime 3s
//
// Each benchmark runs the two by turns, a short batch each, so that whatever
// else the machine does slows both alike. It reports the median time per call,
// and the median of the ratios that the batches of one turn have to each other.
// Compare the ratios.
package compare
