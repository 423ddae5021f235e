package proxy

import (
	"net"
	"sync"
)

// link is a client's connection with the one to the server.
type link struct {
	proxy          *Proxy
	client, server *net.TCPConn
	once           sync.Once
}

// close ends both connections. The client sees a reset, or an orderly end.
func (l *link) close(reset bool) {
	l.once.Do(func() {
		closeConnection(l.client, reset)
		closeConnection(l.server, false)
	})
}

func closeConnection(connection *net.TCPConn, reset bool) {
	if reset {
		_ = connection.SetLinger(0)
	}
	_ = connection.Close()
}

// requests forwards what the client sends.
func (l *link) requests() {
	defer l.close(false)
	buffer := make([]byte, 64<<10)
	for {
		n, err := l.client.Read(buffer)
		if err != nil || !l.proxy.open() {
			return
		}
		if _, err := l.server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// replies forwards what the server sends.
func (l *link) replies() {
	reset := false
	defer func() { l.close(reset) }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := l.server.Read(buffer)
		if err != nil || !l.proxy.open() {
			return
		}
		pass, end := l.proxy.reply(n)
		if _, err := l.client.Write(buffer[:pass]); err != nil {
			return
		}
		if end {
			reset = pass == 0 // a reset would take back what was passed
			return
		}
	}
}

// open waits while the proxy stalls, and reports whether it goes on.
func (p *Proxy) open() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for p.mode == Stall && !p.closed {
		p.changed.Wait()
	}
	return !p.closed && p.mode != Reset && p.mode != Refuse
}

// reply returns how many of the bytes of a reply go through, and whether the
// connection ends then.
func (p *Proxy) reply(n int) (pass int, end bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	switch {
	case p.mode == Lose:
		if p.lost > 0 {
			p.lost--
		}
		if p.lost == 0 {
			p.mode, p.lost = Pass, -1
		}
		return 0, true
	case p.truncate >= 0:
		pass = min(n, p.truncate)
		p.truncate -= pass
		if pass < n {
			p.cut++
			p.truncate = -1
		}
		return pass, pass < n
	}
	return n, false
}
