package memcached

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/bradfitz/gomemcache/memcache"
)

// call makes a call of the driver on the item of that name. It returns the
// result, or the error of the context when that is done first. The function
// must not touch what belongs to the caller: with a client that is not ours it
// may go on after the call.
func call[T any](ctx context.Context, b *backend, name string, f func(*memcache.Client) (T, error)) (T, error) {
	if b.owned != nil {
		return callIn(ctx, b.owned.of(name), f)
	}
	address, err := b.address(name)
	if err != nil {
		var none T
		return none, err
	}
	return within(ctx, &b.calls, address, func() (T, error) { return f(b.client) })
}

// callIn makes a call in a session.
func callIn[T any](ctx context.Context, p *sessions, f func(*memcache.Client) (T, error)) (T, error) {
	s, err := p.begin(ctx)
	if err != nil {
		var none T
		return none, err
	}
	result, err := f(s.client)
	return result, s.done(err)
}

// owned are the sessions of all servers.
type owned struct {
	servers  servers
	sessions []*sessions // in the order of the servers
}

// of returns the sessions of the server that has an item.
func (o *owned) of(name string) *sessions { return o.sessions[o.servers.pick(name)] }

// ping asks every server for a sign of life, all at once.
func (o *owned) ping(ctx context.Context) error {
	errs := make([]error, len(o.sessions))
	var all sync.WaitGroup
	for i, p := range o.sessions {
		all.Go(func() {
			_, errs[i] = callIn(ctx, p, func(client *memcache.Client) (struct{}, error) {
				return struct{}{}, client.Ping()
			})
			errs[i] = failure(errs[i])
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// address returns that of the server which has an item, or nothing where it is
// not known.
func (b *backend) address(name string) (string, error) {
	server, err := b.server(name)
	if err != nil || server == nil {
		return "", err
	}
	return server.String(), nil
}

// server returns the server that has an item, or nil where that is not known.
func (b *backend) server(name string) (net.Addr, error) {
	if b.selector == nil {
		return nil, nil
	}
	return b.selector.PickServer(name)
}
