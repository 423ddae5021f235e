package memcached

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// sessions are those of one server, in a store which made its client itself.
type sessions struct {
	server  net.Addr
	timeout time.Duration
	slots   chan struct{} // as many as there may be

	mutex  sync.Mutex
	idle   []*session
	closed bool
}

// errBusy says that others have used all connections all the time.
var errBusy = errors.New("no connection to the server became free in time")

func newSessions(server net.Addr, timeout time.Duration, most int) *sessions {
	return &sessions{server: server, timeout: timeout, slots: make(chan struct{}, most)}
}

// begin returns a session for a call. While all are in use it waits, as long
// as for a connection to be made.
func (p *sessions) begin(ctx context.Context) (*session, error) {
	select {
	case p.slots <- struct{}{}:
	default:
		if err := p.wait(ctx); err != nil {
			return nil, err
		}
	}
	s := p.take()
	s.begin(ctx)
	return s, nil
}

func (p *sessions) wait(ctx context.Context) error {
	timer := time.NewTimer(p.timeout)
	defer timer.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return errBusy
	}
}

// take returns the session that was used last, or a new one.
func (p *sessions) take() *session {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	last := len(p.idle) - 1
	if last < 0 {
		return newSession(p)
	}
	s := p.idle[last]
	p.idle = p.idle[:last]
	return s
}

// give keeps a session for the next call, if it can be used again.
func (p *sessions) give(s *session, usable bool) {
	p.mutex.Lock()
	if usable = usable && !p.closed; usable {
		p.idle = append(p.idle, s)
	}
	p.mutex.Unlock()
	if !usable {
		_ = s.client.Close()
	}
	<-p.slots
}

// Close closes the connections of all sessions. None is in use any more.
func (p *sessions) Close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.closed = true
	for _, s := range p.idle {
		_ = s.client.Close()
	}
	p.idle = nil
}
