package memcached

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
)

// connect makes a connection within the timeout and the context.
func connect(
	ctx context.Context, dial func(ctx context.Context, network, address string) (net.Conn, error),
	timeout time.Duration, server net.Addr,
) (net.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := dial(bounded, server.Network(), server.String())
	switch over := over(ctx); {
	case err == nil:
		return conn, nil
	case over != nil:
		return nil, over
	case bounded.Err() != nil:
		return nil, &memcache.ConnectTimeoutError{Addr: server}
	}
	return nil, err
}

// over returns the error of a context that is done, or just about to be: what
// has its deadline may notice that before it does.
func over(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// late returns the error of the context for a failure of the network that its
// end has caused.
func late(ctx context.Context, err error) error {
	var failed net.Error
	_, unconnected := err.(*memcache.ConnectTimeoutError)
	if unconnected || errors.As(err, &failed) {
		if over := over(ctx); over != nil {
			return over
		}
	}
	return err
}
