package memcached

import (
	"net"
	"sync"
	"time"
)

// connection is what a session gives the driver for a connection. It knows the
// call under way, which the driver does not:
//
//   - It ends with the call's context, at once.
//   - If the server has closed it while it was idle, it is replaced. Of many
//     connections that are kept all are lost when a server restarts, and each
//     would fail a request. Nothing of a request has been sent by then, so
//     that none is sent twice.
//   - The deadlines that the driver sets, three for each read, are set only
//     where they differ much from the last: it takes time.
//
// The driver uses each in one goroutine at a time.
type connection struct {
	session *session
	probe   *probe
	wanted  time.Time // the deadline that the driver has set
	pending bool      // that was not looked at yet
	used    time.Time // what that was for the request before
	replied bool      // a reply has been read since the last write

	// The mutex guards against the end of the context, which comes from
	// another goroutine.
	mutex       sync.Mutex
	conn        net.Conn
	set         time.Time // the deadline of conn, if the driver wanted that
	interrupted bool
}

// idleTime is from when on a connection is looked at before it is used. It
// takes longer to restart a server.
const idleTime = 10 * time.Millisecond

// Write sends a part of a request.
func (c *connection) Write(p []byte) (int, error) {
	if c.replied { // so that it is the first part
		if err := c.begin(); err != nil {
			return 0, err
		}
	}
	if err := c.extend(); err != nil {
		return 0, err
	}
	return c.conn.Write(p)
}

// begin makes a connection that was used before ready for the next request.
func (c *connection) begin() error {
	idle := c.wanted.Sub(c.used)
	c.used, c.replied = c.wanted, false
	if idle < idleTime || c.extend() == nil && c.probe.alive() {
		return nil
	}
	conn, err := c.session.connect()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	_ = c.conn.Close()
	if err != nil {
		return err
	}
	c.conn, c.probe, c.set, c.pending = conn, newProbe(conn), time.Time{}, true
	return nil
}

// Read receives a part of a reply.
func (c *connection) Read(p []byte) (int, error) {
	c.replied = true
	if err := c.extend(); err != nil {
		return 0, err
	}
	return c.conn.Read(p)
}

// SetDeadline notes the deadline of what follows.
func (c *connection) SetDeadline(t time.Time) error {
	c.wanted, c.pending = t, true
	return nil
}

// SetReadDeadline is SetDeadline. The driver does not use it.
func (c *connection) SetReadDeadline(t time.Time) error { return c.SetDeadline(t) }

// SetWriteDeadline is SetDeadline. The driver does not use it.
func (c *connection) SetWriteDeadline(t time.Time) error { return c.SetDeadline(t) }

// extend sets the deadline that the driver wants, or that of the context if it
// is earlier, before something that may take time.
func (c *connection) extend() error {
	if !c.pending {
		return nil
	}
	c.pending = false
	s := c.session
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.interrupted {
		return s.ctx.Err()
	}
	if !s.deadline.IsZero() && s.deadline.Before(c.wanted) {
		c.set = time.Time{}
		return c.conn.SetDeadline(s.deadline)
	}
	if later := c.wanted.Sub(c.set); later >= 0 && later < s.pool.timeout/16 {
		return nil
	}
	c.set = c.wanted
	return c.conn.SetDeadline(c.wanted)
}

// interrupt ends what is under way.
func (c *connection) interrupt() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.interrupted = true
	_ = c.conn.SetDeadline(time.Unix(1, 0))
}

// Close closes the connection.
func (c *connection) Close() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.conn.Close()
}

// LocalAddr returns the address of this end.
func (c *connection) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr returns that of the server.
func (c *connection) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }
