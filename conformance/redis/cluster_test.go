package redis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// clusterURL returns the URL of a cluster.
func clusterURL(nodes []*servers.Process) string {
	url := "redis-cluster://" + nodes[0].Address
	for i, node := range nodes[1:] {
		url += string("?&"[min(i, 1)]) + "addr=" + node.Address
	}
	return url
}

func TestCluster(t *testing.T) {
	t.Parallel()
	url := clusterURL(servers.Cluster(t, servers.Redis))
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, url) }, options)
}

// A client may send reads to replicas, and there are none here.
func TestClusterClientThatRoutes(t *testing.T) {
	t.Parallel()
	var addresses []string
	for _, node := range servers.Cluster(t, servers.Redis) {
		addresses = append(addresses, node.Address)
	}
	suite(t, goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: addresses, RouteRandomly: true}), nil)
}

// An automatic pipeline hides the nodes, so that a listing would be that of one
// of them.
func TestClusterBehindAutomaticPipeline(t *testing.T) {
	t.Parallel()
	var addresses []string
	for _, node := range servers.Cluster(t, servers.Redis) {
		addresses = append(addresses, node.Address)
	}
	client := goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: addresses})
	t.Cleanup(func() { client.Close() })
	pipeline, err := client.AutoPipeline()
	if err != nil {
		t.Fatal(err)
	}
	store := borrow(t, pipeline, nil)
	items := []core.Item{{Key: "a", Value: []byte(`{}`)}, {Key: "b", Value: []byte(`{}`)}, {Key: "c", Value: []byte(`{}`)}}
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	if entries, err := store.GetMany(t.Context(), "c", []string{"a", "b", "c"}); err != nil || !entries[2].Found() {
		t.Errorf("GetMany = %v, %v", entries, err)
	}
	for key, err := range store.Keys(t.Context(), "c") {
		if err == nil || !strings.Contains(err.Error(), "AutoPipeliner does not give access to the masters") {
			t.Errorf("Keys yields %q, %v; want an error", key, err)
		}
	}
	if existed, err := store.DestroyCollection(t.Context(), "c"); existed || err == nil {
		t.Errorf("DestroyCollection = %v, %v; want an error", existed, err)
	}
}

// A slot that moves from one node to another is where it is: some keys here,
// some there, and then all there.
func TestClusterThatReshards(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nodes := servers.Cluster(t, servers.Redis)
	store := open(t, clusterURL(nodes))
	cluster := store.Client().(*goredis.ClusterClient)
	const collection = "{moving}" // all of its names are in one slot
	var keys []string
	var items []core.Item
	for i := range 20 {
		keys = append(keys, fmt.Sprint("key", i))
		items = append(items, core.Item{Key: keys[i], Value: fmt.Appendf(nil, `{"n":%d}`, i)})
	}
	if err := store.PutMany(ctx, collection, items); err != nil {
		t.Fatal(err)
	}
	slot := cluster.ClusterKeySlot(ctx, collection).Val()
	from, err := cluster.MasterForKey(ctx, collection)
	if err != nil {
		t.Fatal(err)
	}
	var to *goredis.Client
	for _, node := range nodes {
		if node.Address != from.Options().Addr {
			to = goredis.NewClient(&goredis.Options{Addr: node.Address})
			defer to.Close()
			break
		}
	}
	do := func(client *goredis.Client, words ...any) {
		t.Helper()
		if err := client.Do(ctx, words...).Err(); err != nil {
			t.Fatalf("%v: %v", words, err)
		}
	}
	fromID, toID := from.ClusterMyID(ctx).Val(), to.ClusterMyID(ctx).Val()
	host, port, _ := strings.Cut(to.Options().Addr, ":")
	migrate := func(key string) { do(from, "migrate", host, port, names.Compound(collection, key), 0, 5000) }

	do(to, "cluster", "setslot", slot, "importing", fromID)
	do(from, "cluster", "setslot", slot, "migrating", toID)
	for _, key := range keys[:10] {
		migrate(key)
	}
	wantAll := func() {
		t.Helper()
		entries, err := store.GetMany(ctx, collection, keys)
		if err != nil {
			t.Fatalf("GetMany = %v", err)
		}
		for i, entry := range entries {
			if string(entry.Value) != string(items[i].Value) {
				t.Errorf("GetMany has %q for %q, want %q", entry.Value, keys[i], items[i].Value)
			}
		}
		if entry, err := store.Get(ctx, collection, keys[0]); err != nil || string(entry.Value) != `{"n":0}` {
			t.Errorf("Get = %s, %v", entry.Value, err)
		}
		var listed []string
		for key, err := range store.Keys(ctx, collection) {
			if err != nil {
				t.Fatalf("Keys yields %v", err)
			}
			listed = append(listed, key)
		}
		slices.Sort(listed)
		if want := slices.Sorted(slices.Values(keys)); !slices.Equal(listed, want) {
			t.Errorf("Keys yields %q, want %q", listed, want)
		}
	}
	wantAll()
	if err := store.PutMany(ctx, collection, items); err != nil {
		t.Errorf("PutMany = %v", err)
	}
	if inserted, err := store.Insert(ctx, collection, "new", []byte(`{}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	for _, key := range []string{"new", keys[0], keys[19]} {
		if inserted, err := store.Insert(ctx, collection, key, []byte(`{}`), core.NoTTL); inserted || err != nil {
			t.Errorf("Insert over %q = %v, %v; want false, nil", key, inserted, err)
		}
	}
	if count, err := store.DeleteMany(ctx, collection, []string{"new", "missing"}); count != 1 || err != nil {
		t.Errorf("DeleteMany = %v, %v; want 1, nil", count, err)
	}
	wantAll()
	for _, key := range keys[10:] {
		migrate(key)
	}
	do(to, "cluster", "setslot", slot, "node", toID)
	do(from, "cluster", "setslot", slot, "node", toID)
	wantAll()
	if existed, err := store.DestroyCollection(ctx, collection); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
}

// Where reads go to replicas, which lag behind, what decides over a write is
// still read on the master.
func TestClusterWithReplica(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nodes := servers.Cluster(t, servers.Redis)
	addresses := replicate(t, nodes)
	client := goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: addresses, RouteRandomly: true})
	defer client.Close()
	store := borrow(t, client, nil)
	for i := range 100 {
		key := fmt.Sprint("key", i)
		if err := client.Set(ctx, names.Compound("c", key), envelope("c", key, `{}`, time.Now().Add(-time.Second)), 0).Err(); err != nil {
			t.Fatal(err)
		}
		if inserted, err := store.Insert(ctx, "c", key, []byte(`{}`), core.NoTTL); !inserted || err != nil {
			t.Fatalf("Insert over an expired entry = %v, %v; want true, nil", inserted, err)
		}
		if inserted, err := store.Insert(ctx, "c", key, []byte(`{}`), core.NoTTL); inserted || err != nil {
			t.Fatalf("Insert = %v, %v; want false, nil", inserted, err)
		}
		if i%3 > 0 {
			continue
		}
		if live, err := store.Delete(ctx, "c", key); !live || err != nil {
			t.Fatalf("Delete = %v, %v; want true, nil", live, err)
		}
	}
	if existed, err := store.DestroyCollection(ctx, "c"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
	if left, err := client.DBSize(ctx).Result(); err != nil || left > 0 { // of all masters
		t.Errorf("%d keys are left, %v", left, err)
	}
	// None of that has asked a replica, and a Get does.
	asked := func() (asked bool) {
		t.Helper()
		var mutex sync.Mutex
		if err := client.ForEachSlave(ctx, func(ctx context.Context, replica *goredis.Client) error {
			statistics, err := replica.Info(ctx, "commandstats").Result()
			mutex.Lock()
			defer mutex.Unlock()
			asked = asked || strings.Contains(statistics, "cmdstat_get:")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return asked
	}
	if asked() {
		t.Error("a replica was asked what is there now")
	}
	for range 100 {
		if _, err := store.Get(ctx, "c", "key0"); err != core.ErrNotFound {
			t.Fatalf("Get = %v, want %q", err, core.ErrNotFound)
		}
	}
	if !asked() {
		t.Error("no replica was asked for anything")
	}
}

// replicate adds a replica for each master, and returns the addresses of all.
func replicate(t *testing.T, masters []*servers.Process) (addresses []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	until := func(reached func() bool) {
		t.Helper()
		for !reached() {
			if ctx.Err() != nil {
				t.Fatal("the replicas do not come up")
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	var all []*goredis.Client
	dial := func(process *servers.Process) *goredis.Client {
		client := goredis.NewClient(&goredis.Options{Addr: process.Address})
		t.Cleanup(func() { client.Close() })
		all = append(all, client)
		addresses = append(addresses, process.Address)
		return client
	}
	for _, process := range masters {
		bus := servers.FreePort(t)
		master, started := dial(process), servers.Redis.Start(t, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(bus))
		replica := dial(started)
		host, port, _ := strings.Cut(started.Address, ":")
		if err := errors.Join(
			master.ConfigSet(ctx, "repl-diskless-sync-delay", "0").Err(),
			master.ConfigSet(ctx, "repl-ping-replica-period", "1").Err(), // a replica that has heard nothing is not named
			master.Do(ctx, "cluster", "meet", host, port, bus).Err(),
		); err != nil {
			t.Fatal(err)
		}
		id := master.ClusterMyID(ctx).Val()
		until(func() bool { return replica.Do(ctx, "cluster", "replicate", id).Err() == nil })
		until(func() bool {
			return strings.Contains(replica.Info(ctx, "replication").Val(), "master_link_status:up")
		})
	}
	for _, client := range all {
		until(func() bool { // every node has heard of every replica
			ranges, _ := client.Do(ctx, "cluster", "slots").Slice() // first, last, master, replica
			return len(ranges) > 0 && !slices.ContainsFunc(ranges, func(r any) bool { return len(r.([]any)) != 4 })
		})
	}
	return addresses
}

// A cluster of which a part is down is not well, and the other parts work.
func TestClusterThatLosesNode(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nodes := servers.Cluster(t, servers.Redis)
	store := open(t, clusterURL(nodes))
	var keys []string
	var items []core.Item
	for i := range 100 {
		keys = append(keys, fmt.Sprint("key", i))
		items = append(items, core.Item{Key: keys[i], Value: []byte(`{}`)})
	}
	if err := errors.Join(store.Ping(ctx), store.PutMany(ctx, "c", items)); err != nil {
		t.Fatal(err)
	}
	nodes[2].Kill()
	if err := store.Ping(ctx); err == nil {
		t.Error("Ping does not see that a node is down")
	}
	entries, err := store.GetMany(ctx, "c", keys)
	failed := core.FailedKeys(err)
	if len(failed) == 0 || len(failed) == len(keys) || len(entries) != len(keys) {
		t.Fatalf("GetMany = %d entries, and errors for %d keys: %v; want errors for a part", len(entries), len(failed), err)
	}
	for i, entry := range entries {
		if entry.Found() == slices.Contains(failed, keys[i]) {
			t.Errorf("%q: found is %v, and failed the opposite", keys[i], entry.Found())
		}
	}
	nodes[2].Restart()
	eventually(t, func() error {
		entries, err := store.GetMany(ctx, "c", keys)
		if err == nil && slices.ContainsFunc(entries, func(e core.Entry) bool { return !e.Found() }) {
			t.Error("an entry is gone after the restart")
		}
		return err
	})
	eventually(t, func() error { return store.Ping(ctx) })
}
