//go:build !unix

package servers

import (
	"errors"
	"os"
	"os/exec"
)

func startFamily(*exec.Cmd) {}

func signalFamily(int, os.Signal) error { return errors.ErrUnsupported }
