//go:build !unix

package servers

import (
	"errors"
	"os"
	"os/exec"
)

// Pause ends the test as [Missing] does: no process can be paused.
func (p *Process) Pause() {
	p.t.Helper()
	Missing(p.t, "pause", "a process cannot be paused on this system")
}

// Resume does nothing.
func (p *Process) Resume() {}

func startFamily(*exec.Cmd) {}

func signalFamily(int, os.Signal) error { return errors.ErrUnsupported }
