//go:build unix

package servers

import (
	"os"
	"os/exec"
	"syscall"
)

// Pause stops the server's process without ending it: connections stay, and
// nothing answers. Resume undoes it.
func (p *Process) Pause() {
	p.t.Helper()
	if err := p.send(syscall.SIGSTOP); err != nil {
		p.t.Fatal(err)
	}
}

// Resume undoes Pause.
func (p *Process) Resume() {
	p.t.Helper()
	if err := p.send(syscall.SIGCONT); err != nil {
		p.t.Fatal(err)
	}
}

// startFamily makes the process the head of a group of its own.
func startFamily(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalFamily sends a signal to the process and all that it has started.
func signalFamily(process int, signal os.Signal) error {
	return syscall.Kill(-process, signal.(syscall.Signal))
}
