// Package proxy stands between a client and a server and does to their
// connections what networks do.
package proxy

import (
	"errors"
	"net"
	"sync"
	"testing"
)

// Mode is what a Proxy does.
type Mode int

// The modes. A change of the mode applies to all connections, also to those
// that are open.
const (
	Pass   Mode = iota // all goes through
	Stall              // nothing goes through, in either direction, and nothing is closed
	Reset              // each connection is reset, open or new
	Refuse             // each connection is closed in an orderly way, open or new
	Lose               // requests go through, and instead of a reply there is a reset
)

// Proxy forwards the connections to one address to another. It ends with the
// test.
type Proxy struct {
	Address string // where clients connect

	target   string
	listener net.Listener

	mutex    sync.Mutex
	changed  *sync.Cond
	mode     Mode
	truncate int // bytes of replies still to let through; -1: all
	cut      int // replies that were cut off so far
	lost     int // replies to lose in mode Lose until it is Pass; -1: all
	links    map[*link]struct{}
	closed   bool
	running  sync.WaitGroup
}

// New returns a Proxy to the address in mode Pass.
func New(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		Address: listener.Addr().String(), target: target, listener: listener,
		truncate: -1, lost: -1, links: make(map[*link]struct{}),
	}
	p.changed = sync.NewCond(&p.mutex)
	p.running.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// Set changes the mode.
func (p *Proxy) Set(mode Mode) { p.set(mode, -1, -1) }

// Truncate lets that many more bytes of replies through, on all connections
// together, and then ends the connection of the reply. Replies behind that pass.
func (p *Proxy) Truncate(bytes int) { p.set(Pass, bytes, -1) }

// Truncated returns how many replies were cut off so far.
func (p *Proxy) Truncated() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.cut
}

// LoseReplies resets the connections of that many replies instead of passing
// them, and passes the replies after that.
func (p *Proxy) LoseReplies(replies int) { p.set(Lose, -1, replies) }

func (p *Proxy) set(mode Mode, truncate, lost int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.mode, p.truncate, p.lost = mode, truncate, lost
	p.changed.Broadcast()
	if mode == Reset || mode == Refuse {
		for l := range p.links {
			l.close(mode == Reset)
		}
	}
}

// Lost returns how many replies are still to be lost.
func (p *Proxy) Lost() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.mode != Lose {
		return 0
	}
	return p.lost
}

func (p *Proxy) close() {
	p.mutex.Lock()
	p.closed = true
	p.changed.Broadcast()
	for l := range p.links {
		l.close(true)
	}
	p.mutex.Unlock()
	p.listener.Close()
	p.running.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			p.running.Go(func() { p.connect(client.(*net.TCPConn)) })
		}
	}
}

// connect makes a link of a client's connection.
func (p *Proxy) connect(client *net.TCPConn) {
	p.mutex.Lock()
	mode := p.mode
	p.mutex.Unlock()
	if mode == Reset || mode == Refuse {
		closeConnection(client, mode == Reset)
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		closeConnection(client, true)
		return
	}
	l := &link{proxy: p, client: client, server: server.(*net.TCPConn)}
	p.mutex.Lock()
	p.links[l] = struct{}{}
	if p.closed {
		l.close(true)
	}
	p.mutex.Unlock()
	p.running.Go(l.requests)
	l.replies()
	p.mutex.Lock()
	delete(p.links, l)
	p.mutex.Unlock()
}
