//go:build cgo && unix

package librocksdb

// #cgo linux LDFLAGS: -ldl
// #include <stdlib.h>
// #include "database.h"
import "C"

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"
)

var (
	loading sync.Mutex
	asked   string // which file was asked for when the library was loaded
)

// Load loads the library from the file of that name, or the one that is
// installed if the name is empty. It does so once for the process: from then on
// it returns nil for the same name and for the empty one, and for another name
// an error that matches ErrOtherLibrary. If that fails, the error matches
// ErrNoLibrary, and the next call tries again.
func Load(name string) error {
	loading.Lock()
	defer loading.Unlock()
	if loaded := Loaded(); loaded != "" {
		if name == "" || name == asked || sameFile(name, loaded) {
			return nil
		}
		return fmt.Errorf("%w: %s", ErrOtherLibrary, loaded)
	}
	names := []string{name}
	if name == "" {
		names = candidates()
	}
	var reason error
	for _, candidate := range names {
		err := load(candidate)
		if err == nil {
			asked = name
			return nil
		}
		// That one of the names is not there is of no interest if another is,
		// and lacks something.
		if reason == nil || !strings.HasPrefix(err.Error(), candidate+": cannot open") {
			reason = err
		}
	}
	return fmt.Errorf("%w: %w", ErrNoLibrary, reason)
}

func load(file string) error {
	text := C.CString(file)
	defer C.free(unsafe.Pointer(text))
	problem := C.kvrocksdb_load(text)
	if problem == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(problem))
	return Error(C.GoString(problem))
}

// Loaded returns the path of the file that the library was loaded from, or the
// empty string.
func Loaded() string {
	path := C.kvrocksdb_loaded()
	if path == nil {
		return ""
	}
	defer C.free(unsafe.Pointer(path))
	return C.GoString(path)
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
