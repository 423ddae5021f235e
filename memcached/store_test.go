package memcached

import (
	"errors"
	"net"
	"testing"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestNewRefuses(t *testing.T) {
	client := memcache.New("127.0.0.1:11211")
	for name, c := range map[string]struct {
		client  *memcache.Client
		options *Options
	}{
		"no client":            {nil, nil},
		"small items":          {client, &Options{MaxItemSize: MinMaxItemSize - 1}},
		"negative items":       {client, &Options{MaxItemSize: -1}},
		"negative concurrency": {client, &Options{Concurrency: -1}},
	} {
		store, err := New(c.client, c.options)
		var e *core.Error
		if !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &e) || e.Op != "new" || store != nil {
			t.Errorf("%s: %v; want ErrInvalidOptions and no store", name, err)
		}
	}
	for _, options := range []*Options{nil, {}, {Selector: (*memcache.ServerList)(nil)}, {MaxItemSize: MinMaxItemSize, Concurrency: 1}} {
		store, err := New(client, options)
		if err != nil || store.Client() != client {
			t.Errorf("%+v: %v", options, err)
		}
	}
}

// The store offers what Memcached can do for one of several programs that share
// it, and not flush_all.
func TestCapabilities(t *testing.T) {
	store, err := New(memcache.New("127.0.0.1:11211"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if offered := core.CanInsert | core.CanPing; !store.Supports(offered) {
		t.Errorf("the store does not offer all of %v", offered)
	}
	for _, c := range []core.Capability{core.CanKeys, core.CanCollections, core.CanDestroyCollection, core.CanDestroy, core.CanCull} {
		if store.Supports(c) {
			t.Errorf("the store offers %v", c)
		}
	}
}

// A client without servers, or a selector that fails, is an error of every
// call, and no miss.
func TestNoServers(t *testing.T) {
	for name, options := range map[string]*Options{"borrowed": nil, "selector-told": {Selector: new(memcache.ServerList)}} {
		store, err := New(memcache.NewFromSelector(new(memcache.ServerList)), options)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range everyCall {
			err := c.call(t.Context(), store)
			if c.name == "Ping" {
				continue // of all the servers that there are
			}
			if !errors.Is(err, memcache.ErrNoServers) || errors.Is(err, core.ErrNotFound) {
				t.Errorf("%s: %s = %v; want ErrNoServers", name, c.name, err)
			}
		}
	}
}

// What a server refuses to connect to is an error of every call.
func TestServerDown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	opened, err := Open(t.Context(), "memcached://"+address)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range everyCall {
		var network net.Error
		if err := c.call(t.Context(), opened.(*Store)); !errors.As(err, &network) || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s = %v; want an error of the network", c.name, err)
		}
	}
}
