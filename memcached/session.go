package memcached

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
)

// session is a client of the driver for one server, which makes one call at a
// time. That is how its connection knows whose call it serves, and ends with
// its context.
type session struct {
	client    *memcache.Client
	pool      *sessions
	interrupt func() // the method, made once

	// What belongs to the call under way.
	ctx      context.Context
	deadline time.Time // zero: none
	release  func() bool

	mutex       sync.Mutex
	connection  *connection // the last one that the driver has made
	interrupted bool
}

func newSession(pool *sessions) *session {
	s := &session{pool: pool, client: memcache.NewFromSelector(servers{pool.server})}
	s.interrupt = s.stop
	s.client.Timeout, s.client.MaxIdleConns, s.client.DialContext = pool.timeout, 1, s.dial
	return s
}

// begin starts a call, which done ends.
func (s *session) begin(ctx context.Context) {
	s.ctx = ctx
	s.deadline, _ = ctx.Deadline()
	if ctx.Done() != nil {
		s.release = context.AfterFunc(ctx, s.interrupt)
	}
}

// done ends a call that has returned the error, and returns the error that
// its caller is to have. The session belongs to others then.
func (s *session) done(err error) error {
	if err != nil {
		err = late(s.ctx, err)
	}
	undisturbed := s.release == nil || s.release()
	s.ctx, s.release = nil, nil
	s.pool.give(s, undisturbed && err != errUnexpected)
	return err
}

// stop ends what is under way. It comes from another goroutine, and stays: the
// session is not used again.
func (s *session) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.interrupted = true
	if s.connection != nil {
		s.connection.interrupt()
	}
}

// dial makes a connection as the driver wants it.
func (s *session) dial(context.Context, string, string) (net.Conn, error) {
	conn, err := s.connect()
	if err != nil {
		return nil, err
	}
	c := &connection{session: s, conn: conn, probe: newProbe(conn)}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	c.interrupted = s.interrupted
	s.connection = c
	return c, nil
}

// connect connects to the server, for the call under way.
func (s *session) connect() (net.Conn, error) {
	return connect(s.ctx, new(net.Dialer).DialContext, s.pool.timeout, s.pool.server)
}
