package valkey_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// clusterURL returns the URL of a cluster.
func clusterURL(nodes []*servers.Process) string {
	url := nodes[0].URL()
	for i, node := range nodes[1:] {
		url += string("?&"[min(i, 1)]) + "addr=" + node.Address
	}
	return url
}

func TestCluster(t *testing.T) {
	t.Parallel()
	url := clusterURL(servers.Cluster(t, servers.Valkey))
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, url) }, options)
}

// A client may be made to send reads to replicas, and there are none here.
func TestClusterClientThatRoutes(t *testing.T) {
	t.Parallel()
	nodes := servers.Cluster(t, servers.Valkey)
	store := borrow(t, connect(t, driver.ClientOption{
		InitAddress:    []string{nodes[0].Address},
		SendToReplicas: func(cmd driver.Completed) bool { return cmd.IsReadOnly() },
	}), nil)
	wantWorking(t, store)
	keys, items := numbered(100)
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	wantAll(t.Context(), t, store, keys)
}

// wantAll wants that the store has these keys, whichever way it is asked.
func wantAll(ctx context.Context, t *testing.T, store core.Store, keys []string) {
	t.Helper()
	entries, err := store.GetMany(ctx, "c", keys)
	if err != nil {
		t.Errorf("GetMany = %v", err)
	}
	for i, entry := range entries {
		if want := `{"key":"` + keys[i] + `"}`; string(entry.Value) != want {
			t.Errorf("GetMany of %s = %s, want %s", keys[i], entry.Value, want)
		}
	}
	var listed []string
	for key, err := range core.Keys(ctx, store, "c") {
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, key)
	}
	slices.Sort(listed)
	if !slices.Equal(listed, keys) {
		t.Errorf("Keys yields %d keys, want %d", len(listed), len(keys))
	}
}

func numbered(n int) (keys []string, items []core.Item) {
	for i := range n {
		key := fmt.Sprintf("key %05d", i)
		keys = append(keys, key)
		items = append(items, core.Item{Key: key, Value: json.RawMessage(`{"key":"` + key + `"}`)})
	}
	return keys, items
}

// A bulk call has keys on all nodes. When one of them does not answer, those of
// the others are there.
func TestClusterWithNodeDown(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nodes := servers.Cluster(t, servers.Valkey)
	store := open(t, clusterURL(nodes))
	keys, items := numbered(300)
	if err := store.PutMany(ctx, "c", items); err != nil {
		t.Fatal(err)
	}
	wantAll(ctx, t, store, keys)
	nodes[1].Kill()
	entries, err := store.GetMany(ctx, "c", keys)
	failed := core.FailedKeys(err)
	if err == nil || len(entries) != len(keys) || len(failed) < 50 || len(failed) > 150 {
		t.Fatalf("GetMany with a node down = %d entries, %d keys failed; want about a third", len(entries), len(failed))
	}
	for i, key := range keys {
		if down := slices.Contains(failed, key); entries[i].Found() == down {
			t.Errorf("%s: found is %v, failed is %v", key, entries[i].Found(), down)
		}
		// What failed is an error to Get as well, and never a miss.
		if _, err := store.Get(ctx, "c", key); (err != nil) != slices.Contains(failed, key) || errors.Is(err, core.ErrNotFound) {
			t.Errorf("Get of %s = %v", key, err)
		}
		if i == 30 {
			break
		}
	}
	// A listing without the keys of the node would not be that of the collection.
	if err := wholeListing(ctx, store); err == nil {
		t.Error("Keys yields no error with a node down")
	}
	if _, err := store.DestroyCollection(ctx, "other"); err == nil {
		t.Error("DestroyCollection = nil with a node down")
	}
	if err := store.Ping(ctx); err == nil {
		t.Error("Ping = nil with a node down")
	}
	nodes[1].Restart()
	eventually(t, func() error { return store.Ping(ctx) })
	eventually(t, func() error { return wholeListing(ctx, store) })
	wantAll(ctx, t, store, keys)
}

func wholeListing(ctx context.Context, store core.Store) error {
	for _, err := range core.Keys(ctx, store, "c") {
		if err != nil {
			return err
		}
	}
	return nil
}

// A node that does not answer makes nobody wait for keys of other nodes.
func TestClusterWithNodePaused(t *testing.T) {
	t.Parallel()
	nodes := servers.Cluster(t, servers.Valkey)
	store := open(t, clusterURL(nodes)+"&write_timeout=5m&dial_timeout=5m")
	keys, items := numbered(60)
	if err := store.PutMany(t.Context(), "c", items); err != nil {
		t.Fatal(err)
	}
	nodes[2].Pause()
	defer nodes[2].Resume()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	answers := make(chan error, len(keys))
	for _, key := range keys {
		go func() {
			_, err := store.Get(ctx, "c", key)
			answers <- err
		}()
	}
	for range len(keys) / 2 { // a third of the keys is of the node
		if err := <-answers; err != nil {
			t.Fatalf("Get = %v", err)
		}
	}
	cancel()
	for range len(keys) - len(keys)/2 {
		if err := <-answers; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Get = %v", err)
		}
	}
}

// A slot moves to another node while the store is in use: at first half of its
// entries are there, which only a node can tell, and then all.
func TestClusterThatMovesSlot(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nodes := servers.Cluster(t, servers.Valkey)
	store := open(t, clusterURL(nodes))
	keys, items := numbered(200)
	var moving []string
	for i := range 50 {
		key := fmt.Sprintf("key {moves} %02d", i) // the slot is that of what is in braces
		moving = append(moving, key)
		items = append(items, core.Item{Key: key, Value: json.RawMessage(`{"key":"` + key + `"}`)})
	}
	keys = slices.Sorted(slices.Values(slices.Concat(keys, moving)))
	if err := store.PutMany(ctx, "c", items); err != nil {
		t.Fatal(err)
	}
	var ids []string
	var admins []driver.Client
	for _, node := range nodes {
		admin := connect(t, driver.ClientOption{InitAddress: []string{node.Address}, ForceSingleClient: true, DisableCache: true})
		admins = append(admins, admin)
		ids = append(ids, text(t, admin, "CLUSTER", "MYID"))
	}
	slot := text(t, admins[0], "CLUSTER", "KEYSLOT", "c::"+moving[0])
	from := owner(t, admins, "c::"+moving[0])
	to := (from + 1) % len(nodes)
	migrate := func(keys []string) {
		host, port, _ := strings.Cut(nodes[to].Address, ":")
		for _, key := range keys {
			do(t, admins[from], "MIGRATE", host, port, "c::"+key, "0", "5000")
		}
	}
	do(t, admins[to], "CLUSTER", "SETSLOT", slot, "IMPORTING", ids[from])
	do(t, admins[from], "CLUSTER", "SETSLOT", slot, "MIGRATING", ids[to])
	migrate(moving[:25])
	wantUsable := func(when string) {
		t.Helper()
		entries, err := store.GetMany(ctx, "c", keys)
		for i, entry := range entries {
			if want := `{"key":"` + keys[i] + `"}`; string(entry.Value) != want {
				t.Errorf("%s: GetMany of %s = %s, want %s", when, keys[i], entry.Value, want)
			}
		}
		if err != nil {
			t.Errorf("%s: GetMany = %v", when, err)
		}
		for _, key := range []string{moving[0], moving[49], "{moves} new"} {
			wasThere := key != "{moves} new"
			if entry, err := store.Get(ctx, "c", key); entry.Found() != wasThere || err != nil && err != core.ErrNotFound {
				t.Errorf("%s: Get of %s = %v, %v", when, key, entry, err)
			}
			if inserted, err := store.Insert(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); inserted == wasThere || err != nil {
				t.Errorf("%s: Insert of %s = %v, %v; want %v, nil", when, key, inserted, err, !wasThere)
			}
			if live, err := store.Delete(ctx, "c", key); !live || err != nil {
				t.Errorf("%s: Delete of %s = %v, %v; want true, nil", when, key, live, err)
			}
			if wasThere {
				if err := store.Put(ctx, "c", key, json.RawMessage(`{"key":"`+key+`"}`), core.NoTTL); err != nil {
					t.Errorf("%s: Put of %s = %v", when, key, err)
				}
			}
		}
	}
	wantUsable("while the slot moves")
	migrate(moving)
	for i := range admins {
		do(t, admins[(to+i)%len(admins)], "CLUSTER", "SETSLOT", slot, "NODE", ids[to])
	}
	if now := owner(t, admins, "c::"+moving[0]); now != to {
		t.Fatalf("the slot has moved to node %d, and not to %d", now, to)
	}
	wantUsable("after the slot has moved")
	wantAll(ctx, t, store, keys)
	if count, err := store.DeleteMany(ctx, "c", keys[:150]); count != 150 || err != nil {
		t.Errorf("DeleteMany = %v, %v; want 150, nil", count, err)
	}
	if existed, err := store.DestroyCollection(ctx, "c"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
	for _, admin := range admins {
		if left := size(t, admin); left != 0 {
			t.Errorf("%d keys are left on a node", left)
		}
	}
}

// A node that is new holds keys that a client which does not know it has to list.
func TestClusterThatGrows(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nodes := servers.Cluster(t, servers.Valkey)
	store := borrow(t, connect(t, driver.ClientOption{InitAddress: []string{nodes[0].Address}, DisableCache: true}), nil)
	const key = "key {moves}"
	if err := store.Put(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	nodes = append(nodes, servers.Valkey.Start(t, "--appendonly", "no", "--cluster-enabled", "yes",
		"--cluster-port", fmt.Sprint(servers.FreePort(t)), "--cluster-node-timeout", "2000"))
	var ids []string
	var admins []driver.Client
	for _, node := range nodes {
		admin := connect(t, driver.ClientOption{InitAddress: []string{node.Address}, ForceSingleClient: true, DisableCache: true})
		admins = append(admins, admin)
		ids = append(ids, text(t, admin, "CLUSTER", "MYID"))
	}
	const added = 3
	host, port, _ := strings.Cut(nodes[0].Address, ":")
	_, bus, _ := strings.Cut(text(t, admins[0], "CLUSTER", "NODES"), nodes[0].Address+"@")
	do(t, admins[added], "CLUSTER", "MEET", host, port, bus[:strings.IndexAny(bus, " ,")])
	from := -1
	for i, admin := range admins {
		eventually(t, func() error {
			known := strings.Count(text(t, admin, "CLUSTER", "NODES"), " connected")
			if up := strings.Contains(text(t, admin, "CLUSTER", "INFO"), "cluster_state:ok"); known != len(nodes) || !up {
				return fmt.Errorf("node %d is connected to %d nodes, and up is %v", i, known, up)
			}
			return nil
		})
		if i != added && size(t, admin) == 1 {
			from = i
		}
	}
	slot := text(t, admins[0], "CLUSTER", "KEYSLOT", "c::"+key)
	do(t, admins[added], "CLUSTER", "SETSLOT", slot, "IMPORTING", ids[from])
	do(t, admins[from], "CLUSTER", "SETSLOT", slot, "MIGRATING", ids[added])
	host, port, _ = strings.Cut(nodes[added].Address, ":")
	do(t, admins[from], "MIGRATE", host, port, "c::"+key, "0", "5000")
	for _, i := range []int{added, from, (from + 1) % added, (from + 2) % added} {
		do(t, admins[i], "CLUSTER", "SETSLOT", slot, "NODE", ids[added])
	}
	if _, knows := store.Client().Nodes()[nodes[added].Address]; knows {
		t.Error("the client knows the new node: that tests nothing")
	}
	var keys []string
	for key, err := range store.Keys(ctx, "c") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if !slices.Equal(keys, []string{key}) {
		t.Errorf("Keys yields %q, want %q", keys, key)
	}
	if err := store.Ping(ctx); err != nil {
		t.Errorf("Ping = %v", err)
	}
}

// owner waits until all nodes say the same about which of them has the key.
func owner(t *testing.T, admins []driver.Client, name string) (owner int) {
	t.Helper()
	eventually(t, func() error {
		var owners, elsewhere []int
		for i, admin := range admins {
			_, err := admin.Do(t.Context(), admin.B().Get().Key(name).Build()).ToString()
			if err == nil {
				owners = append(owners, i)
			} else if reply, ok := driver.IsValkeyErr(err); ok {
				address, _ := reply.IsMoved()
				elsewhere = append(elsewhere, slices.IndexFunc(admins, func(a driver.Client) bool { return a.Nodes()[address] != nil }))
			}
		}
		if len(owners) != 1 || len(elsewhere) != len(admins)-1 || slices.Min(elsewhere) != owners[0] || slices.Max(elsewhere) != owners[0] {
			return fmt.Errorf("%v have %q, and the others say that %v have it", owners, name, elsewhere)
		}
		owner = owners[0]
		return nil
	})
	return owner
}
