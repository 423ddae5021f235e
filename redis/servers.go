package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// masterLister is a client of a cluster.
type masterLister interface {
	ForEachMaster(ctx context.Context, visit func(ctx context.Context, client *redis.Client) error) error
}

// shardLister is a client that spreads keys over servers which know nothing of
// each other.
type shardLister interface {
	ForEachShard(ctx context.Context, visit func(ctx context.Context, client *redis.Client) error) error
}

// visitor calls a function for each server that holds a part of the keys, for
// several at once, and returns its first error.
type visitor func(ctx context.Context, visit func(ctx context.Context, client *redis.Client) error) error

// visitor returns that of the client, or nil where the client is for one server
// or hides them.
func (b *backend) visitor() visitor {
	switch client := b.client.(type) {
	case masterLister:
		return client.ForEachMaster
	case shardLister:
		return client.ForEachShard
	}
	return nil
}

// errNoServer says that a client knows no server that is up.
var errNoServer = errors.New("no server is up, or the client is closed")

// Ping asks every server that holds a part of the keys for a sign of life, or
// the one that the client chooses where it hides them.
func (b *backend) Ping(ctx context.Context) error {
	visitEach := b.visitor()
	if visitEach == nil {
		_, err := b.await(ctx, func() error { return b.client.Ping(ctx).Err() })
		return failure(err)
	}
	var visited atomic.Int64
	finished, err := b.await(ctx, func() error {
		return visitEach(ctx, func(ctx context.Context, client *redis.Client) error {
			visited.Add(1)
			return client.Ping(ctx).Err()
		})
	})
	if finished && err == nil && visited.Load() == 0 {
		return errNoServer
	}
	return failure(err)
}

// servers returns a client for each server that holds a part of the keys.
func (b *backend) servers(ctx context.Context) ([]redis.Cmdable, error) {
	if single, ok := b.client.(*redis.Client); ok {
		return []redis.Cmdable{single}, nil
	}
	visitEach := b.visitor()
	if visitEach == nil {
		return b.onlyServer(ctx)
	}
	var mutex sync.Mutex
	var servers []redis.Cmdable
	finished, err := b.await(ctx, func() error {
		return visitEach(ctx, func(_ context.Context, client *redis.Client) error {
			mutex.Lock()
			defer mutex.Unlock()
			servers = append(servers, client)
			return nil
		})
	})
	switch {
	case !finished || err != nil:
		return nil, failure(err)
	case len(servers) == 0:
		return nil, errNoServer
	}
	return servers, nil
}

// onlyServer returns the client itself, if there is one server behind it. A
// client that hides the nodes of a cluster would list a part of the keys as if
// that were all.
func (b *backend) onlyServer(ctx context.Context) ([]redis.Cmdable, error) {
	cmd := redis.NewStringCmd(ctx, "info", "cluster")
	if err := b.process(ctx, cmd); err != nil {
		return nil, err
	}
	if strings.Contains(cmd.Val(), "cluster_enabled:1") {
		return nil, fmt.Errorf("a client of type %T does not give access to the masters of a cluster", b.client)
	}
	return []redis.Cmdable{b.client}, nil
}
