//go:build !windows

package winregistry

import (
	"errors"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// newBackend refuses: there is no registry here.
func newBackend(Options) (driver.Backend, error) {
	return nil, fmt.Errorf("the registry is part of Windows: %w", errors.ErrUnsupported)
}
