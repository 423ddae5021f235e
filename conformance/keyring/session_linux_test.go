package keyring_test

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// inOwnSession starts a process with a session keyring of its own, so that
// what tests leave in it goes with the process. Where the kernel refuses that,
// the process has the one of its parent.
func inOwnSession(start func() error) error {
	runtime.LockOSThread() // for good: the thread has another keyring now
	_, _ = unix.KeyctlJoinSessionKeyring(fmt.Sprint("keyvalue-tests-", os.Getpid()))
	return start()
}
