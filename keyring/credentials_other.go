//go:build !windows

package keyring

import "errors"

// canListCredentials is only called on Windows: elsewhere there is no such ring.
func canListCredentials() error { return errors.ErrUnsupported }
