// Package conformance has no code: its packages hold every backend to the
// rules on a real server, and let programs in Go and Python share one.
//
// See the README for how the servers are found, and internal/servers.
package conformance
