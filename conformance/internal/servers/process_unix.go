//go:build unix

package servers

import (
	"os"
	"syscall"
)

// Pause stops the server's process without ending it: connections stay, and
// nothing answers. Resume undoes it.
func (p *Process) Pause() { p.send(syscall.SIGSTOP) }

// Resume undoes Pause.
func (p *Process) Resume() { p.send(syscall.SIGCONT) }

func (p *Process) send(signal os.Signal) {
	p.t.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
}
