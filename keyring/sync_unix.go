//go:build !windows

package keyring

import (
	"errors"
	"os"
)

// synced waits until a file, or the names in a directory, are on the disk.
func synced(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
