package valkey

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/valkey-io/valkey-go"
)

// slots is the number of slots of a cluster.
const slots = 16384

// servers returns a client for each server that holds a part of the keys.
func (b *backend) servers(ctx context.Context) ([]valkey.Client, error) {
	if b.client.Mode() != valkey.ClientModeCluster {
		return []valkey.Client{b.client}, nil
	}
	nodes := b.client.Nodes()
	masters, err := b.masters(ctx, nodes)
	if err != nil {
		return nil, err
	}
	servers := make([]valkey.Client, len(masters))
	for i, m := range masters {
		if nodes[m.address] == nil {
			if err := b.meet(ctx, m); err != nil {
				return nil, err
			}
			nodes = b.client.Nodes()
		}
		if servers[i] = nodes[m.address]; servers[i] == nil {
			return nil, fmt.Errorf("the client does not know the master %s of the cluster", m.address)
		}
	}
	return servers, nil
}

// master is a node of a cluster, and one of the slots that it holds.
type master struct {
	address string
	slot    uint16
}

// meet has the client learn of a node, which it does when it is sent there.
func (b *backend) meet(ctx context.Context, m master) error {
	for i := 0; ; i++ {
		cmd := remaining(b.client.B(), strconv.Itoa(i))
		if cmd.Slot() == m.slot {
			_, err := b.process(ctx, cmd, 0)
			return err
		}
	}
}

// masters returns the masters that hold the slots, as one of the nodes tells
// them.
func (b *backend) masters(ctx context.Context, nodes map[string]valkey.Client) ([]master, error) {
	last := errors.New("the client knows no node of the cluster")
	for address, node := range nodes {
		result, err := alone(ctx, func(ctx context.Context) valkey.ValkeyResult {
			// The driver would repeat it as long as the node does not answer,
			// while another may.
			return node.Do(ctx, node.B().Arbitrary("CLUSTER", "SLOTS").Build().ToPipe())
		})
		if err == nil {
			ranges, err := result.ToArray()
			if err != nil {
				return nil, err
			}
			return mastersOf(ranges, address)
		}
		if _, replied := asReply(err); replied || ctx.Err() != nil {
			return nil, err
		}
		last = err
	}
	return nil, last
}

// mastersOf returns the masters in the answer to CLUSTER SLOTS, each once. A
// slot that no node holds is an error: what was there could not be listed.
func mastersOf(ranges []valkey.ValkeyMessage, asked string) ([]master, error) {
	var masters []master
	seen := make(map[string]bool)
	covered := int64(0)
	for i := range ranges {
		parts, err := ranges[i].ToArray()
		if err != nil || len(parts) < 3 {
			return nil, errUnreadableSlots
		}
		first, firstErr := parts[0].AsInt64()
		last, lastErr := parts[1].AsInt64()
		address, addressErr := addressOf(&parts[2], asked)
		if firstErr != nil || lastErr != nil || addressErr != nil || first < 0 || last < first || last >= slots {
			return nil, errUnreadableSlots
		}
		covered += last - first + 1
		if !seen[address] {
			seen[address] = true
			masters = append(masters, master{address, uint16(first)})
		}
	}
	if covered != slots {
		return nil, fmt.Errorf("only %d of the %d slots of the cluster have a node", covered, slots)
	}
	return masters, nil
}

var errUnreadableSlots = errors.New("the answer to CLUSTER SLOTS cannot be read")

// addressOf returns the address of a node in the answer to CLUSTER SLOTS. A node
// that does not know its own has the one under which it was asked.
func addressOf(node *valkey.ValkeyMessage, asked string) (string, error) {
	parts, err := node.ToArray()
	if err != nil || len(parts) < 2 {
		return "", errUnreadableSlots
	}
	host, err := parts[0].ToString()
	if err != nil && !valkey.IsValkeyNil(err) {
		return "", err
	}
	if host == "" {
		if host, _, err = net.SplitHostPort(asked); err != nil {
			return "", err
		}
	}
	port, err := parts[1].AsInt64()
	return net.JoinHostPort(host, strconv.FormatInt(port, 10)), err
}
