package valkey

import (
	"context"

	"github.com/valkey-io/valkey-go"
)

// Ping asks the server, or every master of a cluster at once, for a sign of
// life.
func (b *backend) Ping(ctx context.Context) error {
	if b.client.Mode() != valkey.ClientModeCluster {
		_, err := b.process(ctx, b.client.B().Ping().Build().ToPipe(), 0)
		return err
	}
	servers, err := b.servers(ctx)
	if err != nil {
		return err
	}
	answers := make(chan error, len(servers))
	for _, server := range servers {
		go func() { answers <- b.ping(ctx, server) }()
	}
	for range servers {
		if err := <-answers; err != nil {
			return err
		}
	}
	return nil
}

func (b *backend) ping(ctx context.Context, server valkey.Client) error {
	result, err := alone(ctx, func(ctx context.Context) valkey.ValkeyResult {
		return server.Do(ctx, server.B().Ping().Build().ToPipe())
	})
	if err != nil {
		return err
	}
	return failure(result.Error())
}
