package librocksdb

import (
	"runtime"
	"slices"
	"testing"
)

// These are the names of the packages of Debian 12 and 13, of Ubuntu 24.04, and
// of those who name the major version alone.
func TestCandidates(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Log("the names of other systems")
		return
	}
	names := candidates()
	last := -1
	for _, name := range []string{"librocksdb.so", "librocksdb.so.10", "librocksdb.so.9", "librocksdb.so.9.10", "librocksdb.so.8.9", "librocksdb.so.7.8"} {
		i := slices.Index(names, name)
		if i <= last {
			t.Errorf("%s is number %d; want it behind number %d", name, i, last)
		}
		last = i
	}
}
