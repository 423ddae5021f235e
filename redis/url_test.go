package redis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/redis"
)

// opened returns the client of a store that was opened by URL.
func opened(t *testing.T, url string) goredis.UniversalClient {
	t.Helper()
	store, err := redis.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("Open(%q) = %v", url, err)
	}
	t.Cleanup(func() {
		if err := core.Close(store); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return store.(*redis.Store).Client()
}

func TestOpenOneServer(t *testing.T) {
	for url, want := range map[string]string{
		"redis://localhost":                          "tcp localhost:6379 0   tls=false",
		"redis://[::1]:7000/3":                       "tcp [::1]:7000 3   tls=false",
		"redis://ada:secret@localhost:7000/3":        "tcp localhost:7000 3 ada secret tls=false",
		"redis://:p%40ss@localhost?verify_listing=1": "tcp localhost:6379 0  p@ss tls=false",
		"rediss://ada:secret@localhost:7000":         "tcp localhost:7000 0 ada secret tls=true",
		"unix:///run/redis.sock?db=2":                "unix /run/redis.sock 2   tls=false",
		"redis+unix://ada:secret@/run/redis.sock":    "unix /run/redis.sock 0 ada secret tls=false",
	} {
		o := opened(t, url).(*goredis.Client).Options()
		got := fmt.Sprintf("%s %s %d %s %s tls=%t", o.Network, o.Addr, o.DB, o.Username, o.Password, o.TLSConfig != nil)
		if got != want {
			t.Errorf("%q opens %q, want %q", url, got, want)
		}
		if !o.ContextTimeoutEnabled {
			t.Errorf("%q opens a client that does not see to deadlines", url)
		}
	}
}

func TestOpenCluster(t *testing.T) {
	for url, want := range map[string]string{
		"redis-cluster://localhost":                                        "[localhost:6379]   tls=false",
		"redis-cluster://ada:secret@a:1?addr=b:2&addr=c:3&read_only=true":  "[a:1 b:2 c:3] ada secret tls=false",
		"rediss-cluster://ada:secret@a:1/?addr=b:2&verify_listing=false":   "[a:1 b:2] ada secret tls=true",
		"redis-cluster://localhost:7000?route_randomly=true&pool_size=100": "[localhost:7000]   tls=false",
	} {
		o := opened(t, url).(*goredis.ClusterClient).Options()
		got := fmt.Sprintf("%v %s %s tls=%t", o.Addrs, o.Username, o.Password, o.TLSConfig != nil)
		if got != want {
			t.Errorf("%q opens %q, want %q", url, got, want)
		}
		if !o.ContextTimeoutEnabled {
			t.Errorf("%q opens a client that does not see to deadlines", url)
		}
	}
}

func TestOpenSentinel(t *testing.T) {
	client := opened(t, "redis-sentinel://localhost:26379/4?master_name=main&username=ada&password=secret")
	o := client.(*goredis.Client).Options()
	if o.DB != 4 || o.Username != "ada" || o.Password != "secret" || !o.ContextTimeoutEnabled {
		t.Errorf("the client has the options %+v", o)
	}
	// The driver panics for a client of one server that is to route by latency.
	if _, ok := opened(t, "rediss-sentinel://localhost?master_name=main&route_by_latency=true").(*goredis.ClusterClient); !ok {
		t.Error("a client that routes is not that of a cluster")
	}
}

func TestOpenRefuses(t *testing.T) {
	for url, reason := range map[string]string{
		"":                                                    "scheme",
		"http://localhost":                                    `"http"`,
		"redis:localhost":                                     "form",
		"redis://localhost#3":                                 "form",
		"redis://localhost/sessions":                          "path",
		"redis://localhost/1/2":                               "path",
		"redis://localhost:port":                              "not a URL",
		"redis://user:pass word%zz@localhost":                 "not a URL",
		"redis://localhost?%zz=1":                             "parameters",
		"redis://localhost?pool_sise=3":                       "pool_sise",
		"redis://localhost?pool_size=many":                    "pool_size",
		"redis://localhost?pool_size=-3":                      "pool_size",
		"redis://localhost?verify_listing=yes":                "verify_listing",
		"redis://localhost?verify_listing=1&verify_listing=0": "verify_listing",
		"unix://":                          "path",
		"redis-cluster://localhost/1":      "databases",
		"redis-cluster://localhost?addr=b": "addr",
		"redis-sentinel://localhost":       "master_name",
		"rediss-sentinel://localhost?master_name=m&max_retries=x": "max_retries",
		// Whatever the URL says, it may be a password at the wrong place.
		"redis://:p/secret@localhost":                "not a URL",
		"redis://localhost/secret":                   "path",
		"redis://localhost?Secret=1":                 "parameter",
		"redis://localhost?read_timeout=secret":      "read_timeout",
		"redis-cluster://localhost?addr=secret":      "addr",
		"redis-sentinel://localhost/secret?addr=b:1": "path",
		"redis://ada:12?secret@localhost":            "question mark",
		"redis://ada:12?secret=x@localhost":          "question mark",
	} {
		store, err := redis.Open(t.Context(), url)
		if store != nil || !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("Open(%q) = %v, %v; want nil and ErrInvalidOptions", url, store, err)
			continue
		}
		var e *core.Error
		if !errors.As(err, &e) || e.Op != "open" || e.Store != "redis" {
			t.Errorf("Open(%q) = %#v, want a core.Error of open", url, err)
		}
		if !strings.Contains(err.Error(), reason) {
			t.Errorf("Open(%q) = %q, which says nothing of %s", url, err, reason)
		}
		if strings.Contains(strings.ToLower(err.Error()), "secret") {
			t.Errorf("Open(%q) = %q, which repeats the URL", url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := redis.Open(ctx, "redis://localhost"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a cancelled context = %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	for _, seed := range []string{
		"redis://ada:secret@localhost:6379/0?read_timeout=2s&pool_size=50&max_retries=-1",
		"unix:///run/redis.sock?db=1", "redis-cluster://a:1?addr=b:2&read_only=1",
		"rediss-sentinel://a:1/0?master_name=m&addr=b:2&route_randomly=true&verify_listing=t",
		"redis://localhost?max_idle_conns=-1&conn_max_idle_time=-1&pool_size=1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, url string) {
		if strings.Contains(url, "min_idle") || strings.Contains(url, "latency") {
			t.Skip("with these the client connects at once, to wherever that is")
		}
		store, err := redis.Open(t.Context(), url)
		if err != nil {
			if store != nil || !errors.Is(err, core.ErrInvalidOptions) {
				t.Errorf("Open(%q) = %v, %v", url, store, err)
			}
			return
		}
		if err := core.Close(store); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
}

// A password that nobody escaped is in no error, whatever it is taken for.
func FuzzUnescapedPassword(f *testing.F) {
	// The driver looks names of hosts up: so an address.
	storetest.FuzzPassword(f, "redis://user:", "@127.0.0.1/", func(t *testing.T, url string) error {
		store, err := redis.Open(t.Context(), url)
		if err == nil {
			_ = core.Close(store)
		}
		return err
	})
}
