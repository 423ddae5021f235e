package servers_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

func TestCluster(t *testing.T) {
	for _, kind := range []*servers.Kind{servers.Redis, servers.Valkey} {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			nodes := servers.Cluster(t, kind)
			seen := make(map[string]bool)
			for _, node := range nodes {
				if seen[node.Address] || !answers(node.Address) {
					t.Errorf("%s is there twice or not up", node.Address)
				}
				seen[node.Address] = true
			}
			if len(seen) != 3 {
				t.Errorf("the cluster has %d nodes, want 3", len(seen))
			}
		})
	}
}
