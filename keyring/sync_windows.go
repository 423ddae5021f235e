package keyring

import (
	"errors"
	"os"
)

// synced waits until a file is on the disk. Windows syncs the names in a
// directory by itself.
func synced(path string) error {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
