package valkey

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open connects to the server that a URL names, and returns a store whose
// client is closed with it. These are the forms of [valkey.ParseURL]:
//
//	valkey://user:password@host:6379/0              one server, or one node of a cluster
//	valkeys://user:password@host:6379/0             the same over TLS
//	valkey://user:password@host:6379/0?addr=host2:6379&addr=host3:6379
//	                                                a cluster, of which any node will do
//	valkey://user:password@host:26379/0?master_set=main&addr=host2:26379
//	                                                the master that sentinels know by that name
//	unix://user:password@/run/valkey.sock?db=0      one server over a socket
//
// redis and rediss may stand for valkey and valkeys. Everything but the host
// is optional. The parameters are
//
//	addr, master_set    see above; sentinels are asked without a password
//	db                  the number of the database, instead of the path
//	dial_timeout        how long to try to connect, 5s by default
//	write_timeout       how long a connection may be silent, 10s by default
//	client_name         what the server is to call the connections
//	protocol=2          RESP2 instead of RESP3
//	max_retries=0       a read that fails is not repeated
//	skip_verify         the server's certificate is not checked
//	verify_listing      true for Options.VerifyListing
//	client_cache_ttl    such as 30s, for Options.ClientCacheTTL
//
// Unlike [New], Open fails where no server can be reached or none takes the
// password. A URL that makes no sense is an error that matches
// core.ErrInvalidOptions. Errors repeat nothing of the URL but the names of
// parameters.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	clientOptions, options, err := parse(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	client, err := connect(ctx, clientOptions)
	if err != nil {
		return nil, refuse("open", err)
	}
	return newOwned(client, options), nil
}

// connect makes a client, which connects. When the context is done first, the
// client is closed as soon as it is there.
func connect(ctx context.Context, options valkey.ClientOption) (valkey.Client, error) {
	type made struct {
		client valkey.Client
		err    error
	}
	done := make(chan made)
	go func() {
		client, err := valkey.NewClient(options)
		select {
		case done <- made{client, err}:
		case <-ctx.Done():
			if err == nil {
				client.Close()
			}
		}
	}()
	select {
	case m := <-done:
		return m.client, failure(m.err)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// parameters are those that a URL may have, and whether more than once.
var parameters = map[string]bool{
	"addr": true, "master_set": false, "db": false, "dial_timeout": false, "write_timeout": false,
	"client_name": false, "protocol": false, "max_retries": false, "skip_verify": false,
	"verify_listing": false, "client_cache_ttl": false,
}

// parse returns what a URL says. Its errors do not repeat those of the driver,
// which may repeat a password.
func parse(text string) (valkey.ClientOption, *Options, error) {
	refused := func(reason string) (valkey.ClientOption, *Options, error) {
		return valkey.ClientOption{}, nil, invalidOptions(reason)
	}
	u, err := url.Parse(text)
	if err != nil {
		return refused("not a URL")
	}
	if u.Opaque != "" || u.Fragment != "" {
		return refused("the URL is not of the form scheme://host/database?parameters")
	}
	if strings.Contains(u.Host, ",") {
		return refused("further hosts belong into the parameter addr, each in one of its own")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return refused("the parameters of the URL cannot be read")
	}
	if err := checkParameters(u.RawQuery, query); err != nil {
		return valkey.ClientOption{}, nil, err
	}
	clientOptions, err := valkey.ParseURL(text)
	if err != nil {
		return refused("the scheme, the database or a parameter of the URL makes no sense")
	}
	options, err := optionsOf(query)
	if err != nil {
		return valkey.ClientOption{}, nil, err
	}
	complete(&clientOptions, options)
	return clientOptions, options, nil
}

// checkParameters refuses parameters that the driver would ignore.
func checkParameters(text string, query url.Values) error {
	for name, values := range query {
		repeats, known := parameters[name]
		if !known {
			return invalidOptions(driver.UnknownParameter(text, name))
		}
		if len(values) > 1 && !repeats {
			return invalidOptions(name + " is given twice")
		}
	}
	for _, address := range query["addr"] {
		// The driver would take the first host for one without a port.
		if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
			return invalidOptions("addr is not a host and a port")
		}
	}
	for name, meant := range map[string][]string{"protocol": {"2", "3"}, "max_retries": {"0"}} {
		if query.Has(name) && !slices.Contains(meant, query.Get(name)) {
			return invalidOptions(fmt.Sprintf("%s is not %s", name, strings.Join(meant, " or ")))
		}
	}
	return nil
}

// optionsOf returns the options of the store.
func optionsOf(query url.Values) (*Options, error) {
	options := new(Options)
	var err error
	if query.Has("verify_listing") {
		if options.VerifyListing, err = strconv.ParseBool(query.Get("verify_listing")); err != nil {
			return nil, invalidOptions("verify_listing is not true or false")
		}
	}
	if query.Has("client_cache_ttl") {
		if options.ClientCacheTTL, err = time.ParseDuration(query.Get("client_cache_ttl")); err != nil {
			return nil, invalidOptions("client_cache_ttl is not a duration such as 30s")
		}
	}
	return options, options.check()
}

// complete adds what a store wants of its client.
func complete(o *valkey.ClientOption, options *Options) {
	o.DisableCache = options.ClientCacheTTL == 0
	// Otherwise a read without a deadline waits for ever.
	o.RetryDelay = retryDelay
	o.ClusterOption.MaxMovedRedirections = 16
	// Otherwise what happened to a cluster or a master while nothing was sent
	// there remains unknown.
	o.ClusterOption.ShardsRefreshInterval = 30 * time.Second
	o.Sentinel.TopologyRefreshInterval = 5 * time.Second
	o.Sentinel.TLSConfig = o.TLSConfig
}

// reads is how often a read is tried.
const reads = 6

// retryDelay is how long to wait before a read is tried again: 8 ms at first,
// then twice as long each time. A read that has waited for an answer in vain is
// not: it would wait again.
func retryDelay(attempts int, _ valkey.Completed, err error) time.Duration {
	var timeout interface{ Timeout() bool }
	if attempts >= reads || errors.As(err, &timeout) && timeout.Timeout() {
		return -1
	}
	return 4 * time.Millisecond << attempts
}
