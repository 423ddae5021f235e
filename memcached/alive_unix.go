//go:build unix

package memcached

import (
	"net"
	"syscall"
)

// probe asks a socket whether there is something to be read.
type probe struct {
	raw     syscall.RawConn
	read    func(fd uintptr) bool
	problem error
}

// newProbe returns a probe of the connection, or nil where it has no socket
// that could be asked: one in TLS, for example.
func newProbe(conn net.Conn) *probe {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	p := &probe{raw: raw}
	p.read = func(fd uintptr) bool {
		var unasked [1]byte
		_, p.problem = syscall.Read(int(fd), unasked[:])
		return true // whatever it was: it is not waited for
	}
	return p
}

// alive reports whether a connection on which no reply is outstanding can be
// used: the server has not closed it, and has said nothing unasked. Where that
// cannot be told it is true.
func (p *probe) alive() bool {
	if p == nil {
		return true
	}
	err := p.raw.Read(p.read)
	return err == nil && (p.problem == syscall.EAGAIN || p.problem == syscall.EWOULDBLOCK)
}
