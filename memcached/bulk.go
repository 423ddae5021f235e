package memcached

import (
	"bufio"
	"context"
	"net"
	"sync"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
)

// bulk keeps connections for bulk calls beside the driver's, which sends a
// request only after it has read the reply to the one before. They are made as
// the client makes its own, and bounded by its timeout.
type bulk struct {
	client *memcache.Client
	slots  calls // of the exchanges with each server

	mutex  sync.Mutex
	idle   map[string][]*link // by address
	closed bool
}

// maxLinks is how many such connections there are to one server. Each keeps
// the server busy: more of them would be slower.
const maxLinks = 8

// link is a connection on which no reply is outstanding.
type link struct {
	net.Conn
	replies  *bufio.Reader
	probe    *probe
	buffer   []byte // for requests
	timeout  time.Duration
	extended time.Time
}

const (
	// repliesBuffer is how much of the replies is read at once.
	repliesBuffer = 32 << 10

	// maxRequests is the largest buffer for requests that is kept.
	maxRequests = 4 * flushAt
)

func (b *bulk) init(client *memcache.Client) {
	b.client = client
	b.slots.concurrency = maxLinks
	b.idle = make(map[string][]*link)
}

// use calls the function with a connection to the server, and ends what it
// does when the context is done.
func (b *bulk) use(ctx context.Context, server net.Addr, f func(l *link) error) error {
	slots := b.slots.slotsOf(server.String())
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-slots }()
	l, err := b.take(ctx, server)
	if err != nil {
		return err
	}
	undisturbed := func() bool { return true }
	if ctx.Done() != nil {
		undisturbed = context.AfterFunc(ctx, func() { _ = l.SetDeadline(time.Unix(1, 0)) })
	}
	if err = f(l); !undisturbed() || err != nil {
		l.Close()
		return late(ctx, err)
	}
	b.give(server, l)
	return nil
}

// extend gives what follows the time that the driver gives a request. That is
// not exact: to set a deadline takes time.
func (l *link) extend(ctx context.Context) error {
	now := time.Now()
	if now.Sub(l.extended) < l.timeout/16 {
		return nil
	}
	l.extended = now
	if err := l.SetDeadline(now.Add(l.timeout)); err != nil {
		return err
	}
	// After the deadline was set, lest it undoes what the end of the context
	// has set before.
	return ctx.Err()
}

// take returns a connection that is idle, or a new one.
func (b *bulk) take(ctx context.Context, server net.Addr) (*link, error) {
	for l := b.last(server); l != nil; l = b.last(server) {
		err := l.extend(ctx)
		if err == nil && l.probe.alive() {
			return l, nil
		}
		l.Close()
		if done := ctx.Err(); done != nil {
			return nil, done // and the others stay
		}
	}
	timeout := b.client.Timeout
	if timeout == 0 {
		timeout = memcache.DefaultTimeout
	}
	dial := b.client.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := connect(ctx, dial, timeout, server)
	if err != nil {
		return nil, err
	}
	return &link{
		Conn: conn, replies: bufio.NewReaderSize(conn, repliesBuffer), probe: newProbe(conn), timeout: timeout,
	}, nil
}

// last returns the connection that was used last of those that are idle, or
// nil.
func (b *bulk) last(server net.Addr) *link {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	idle := b.idle[server.String()]
	if len(idle) == 0 {
		return nil
	}
	b.idle[server.String()] = idle[:len(idle)-1]
	return idle[len(idle)-1]
}

// give keeps a connection for the next exchange.
func (b *bulk) give(server net.Addr, l *link) {
	if cap(l.buffer) > maxRequests {
		l.buffer = nil
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.closed || l.replies.Buffered() > 0 { // more replies than requests
		l.Close()
		return
	}
	b.idle[server.String()] = append(b.idle[server.String()], l)
}

// Close closes the connections. None is in use any more.
func (b *bulk) Close() error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = true
	for _, idle := range b.idle {
		for _, l := range idle {
			l.Close()
		}
	}
	b.idle = nil
	return nil
}
