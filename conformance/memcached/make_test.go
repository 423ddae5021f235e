package memcached_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memcached"
)

// patient returns the URL with a long timeout, unless it has one: the machine
// may be busy with other things.
func patient(url string) string {
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	if strings.Contains(url, "timeout=") {
		return url
	}
	return url + separator + "timeout=20s"
}

// open returns a store on the servers of a URL, and closes it with the test.
func open(t testing.TB, url string) *memcached.Store {
	t.Helper()
	store, err := memcached.Open(context.Background(), patient(url))
	if err != nil {
		t.Fatal(err)
	}
	return closed(t, store.(*memcached.Store))
}

// lent returns a store over a client which stays the test's, with the timeout
// that the URL has.
func lent(t testing.TB, url string, told bool) *memcached.Store {
	t.Helper()
	selector := selectorOf(t, url)
	client := memcache.NewFromSelector(selector)
	client.MaxIdleConns = 64
	_, timeout, _ := strings.Cut(patient(url), "timeout=")
	var err error
	if client.Timeout, err = time.ParseDuration(timeout); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	options := new(memcached.Options)
	if told {
		options.Selector = selector
	}
	store, err := memcached.New(client, options)
	if err != nil {
		t.Fatal(err)
	}
	return closed(t, store)
}

// closed closes the store with the test.
func closed(t testing.TB, store *memcached.Store) *memcached.Store {
	t.Cleanup(func() {
		if err := core.Close(store); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return store
}

// selectorOf returns the driver's selector of the servers of a URL.
func selectorOf(t testing.TB, url string) *memcache.ServerList {
	t.Helper()
	_, addresses, _ := strings.Cut(url, "://")
	addresses, _, _ = strings.Cut(addresses, "?")
	selector := new(memcache.ServerList)
	if err := selector.SetServers(strings.Split(addresses, ",")...); err != nil {
		t.Fatal(err)
	}
	return selector
}

// clientOf returns a client of the servers of a URL.
func clientOf(t testing.TB, url string) *memcache.Client {
	t.Helper()
	client := memcache.NewFromSelector(selectorOf(t, url))
	client.MaxIdleConns, client.Timeout = 64, 20*time.Second
	t.Cleanup(func() { client.Close() })
	return client
}

// urlOf returns the URL of several servers.
func urlOf(processes ...*servers.Process) string {
	var addresses []string
	for _, p := range processes {
		addresses = append(addresses, p.Address)
	}
	return "memcached://" + strings.Join(addresses, ",")
}
