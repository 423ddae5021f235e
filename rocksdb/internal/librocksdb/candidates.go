package librocksdb

import (
	"fmt"
	"runtime"
)

// The versions of RocksDB that are looked for. The functions that are called
// have been there since the oldest.
const (
	oldestMajor, newestMajor = 7, 12
	newestMinor              = 12
)

// candidates returns the names that the library may have, those first that
// leave the choice to the system, and then from new to old.
func candidates() []string {
	if runtime.GOOS == "darwin" {
		names := []string{"librocksdb.dylib", "/opt/homebrew/lib/librocksdb.dylib", "/usr/local/lib/librocksdb.dylib", "/opt/local/lib/librocksdb.dylib"}
		for major := newestMajor; major >= oldestMajor; major-- {
			names = append(names, fmt.Sprintf("librocksdb.%d.dylib", major))
		}
		return names
	}
	names := []string{"librocksdb.so"}
	for major := newestMajor; major >= oldestMajor; major-- {
		names = append(names, fmt.Sprintf("librocksdb.so.%d", major))
		// Debian puts the minor version into the name too.
		for minor := newestMinor; minor >= 0; minor-- {
			names = append(names, fmt.Sprintf("librocksdb.so.%d.%d", major, minor))
		}
	}
	return names
}
