package keyring

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"
)

var (
	advapi32       = syscall.NewLazyDLL("advapi32.dll")
	credEnumerateW = advapi32.NewProc("CredEnumerateW")
	credFree       = advapi32.NewProc("CredFree")
)

// errorNotFound is what the system says where there are no credentials.
const errorNotFound = syscall.Errno(1168)

// canListCredentials returns why the credentials of the user cannot be listed.
func canListCredentials() error {
	var count uint32
	var credentials uintptr
	done, _, err := credEnumerateW.Call(0, 0, uintptr(unsafe.Pointer(&count)), uintptr(unsafe.Pointer(&credentials)))
	if done == 0 {
		if errors.Is(err, errorNotFound) {
			return nil
		}
		return fmt.Errorf("listing the credentials: %w", err)
	}
	_, _, _ = credFree.Call(credentials)
	return nil
}
