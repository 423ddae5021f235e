package redis

import (
	"context"
	"fmt"
	"strings"
	"sync"

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

// servers returns a client for each server that holds a part of the keys.
func (b *backend) servers(ctx context.Context) ([]redis.Cmdable, error) {
	var forEach func(ctx context.Context, visit func(ctx context.Context, client *redis.Client) error) error
	switch client := b.client.(type) {
	case masterLister:
		forEach = client.ForEachMaster
	case shardLister:
		forEach = client.ForEachShard
	case *redis.Client:
		return []redis.Cmdable{client}, nil
	default:
		return b.onlyServer(ctx)
	}
	var mutex sync.Mutex
	var servers []redis.Cmdable
	finished, err := b.await(ctx, func() error {
		return forEach(ctx, func(_ context.Context, client *redis.Client) error {
			mutex.Lock()
			defer mutex.Unlock()
			servers = append(servers, client)
			return nil
		})
	})
	if !finished || err != nil {
		return nil, failure(err)
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
