package redis

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
)

// Open returns a store for a URL of one of these forms, with a client that is
// closed with the store:
//
//	redis://user:password@host:6379/0              one server
//	rediss://user:password@host:6379/0             the same over TLS
//	unix://user:password@/run/redis.sock?db=0      the same over a socket, also redis+unix
//	redis-cluster://user:password@host:6379?addr=host2:6379&addr=host3:6379
//	rediss-cluster://…                             the same over TLS
//	redis-sentinel://host:26379/0?master_name=main&addr=host2:26379&username=user&password=password
//	rediss-sentinel://…                            the same over TLS
//
// Everything but the host is optional, and master_name for sentinels is not.
// User and password are those of the servers, but in a URL of sentinels, where
// they are the sentinels' own. The parameter verify_listing=true stands for
// [Options].VerifyListing. All others are those of ParseURL, ParseClusterURL
// and ParseFailoverURL of go-redis, such as read_timeout=2s or pool_size=50.
// A certificate for TLS is checked against the system's; for others make a
// client and call [New].
//
// A [core.Mux] names the schemes that a program is to understand. The error
// matches core.ErrInvalidOptions and repeats nothing of the URL but names of
// parameters. Open does not speak to the server: [driver.Store.Ping] does.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	client, options, err := clientFor(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	return newOwned(client, options), nil
}

// clientFor returns a client for a URL and the options of the store over it.
func clientFor(text string) (redis.UniversalClient, *Options, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, nil, invalidOptions("not a URL")
	}
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, nil, invalidOptions("the parameters of the URL cannot be read")
	}
	if u.Opaque != "" || u.Fragment != "" {
		return nil, nil, invalidOptions("the URL is not of the form scheme://host/database?parameters")
	}
	if err := checkSizes(parameters); err != nil {
		return nil, nil, err
	}
	options, err := takeOptions(parameters)
	if err != nil {
		return nil, nil, err
	}
	query := u.RawQuery
	u.RawQuery = parameters.Encode()
	makeClient, ok := schemes[u.Scheme]
	if !ok {
		return nil, nil, invalidOptions("unknown scheme " + strconv.Quote(u.Scheme))
	}
	client, err := makeClient(u)
	if err != nil {
		return nil, nil, invalidURL(err, query, parameters)
	}
	return client, options, nil
}

// schemes are what Open understands.
var schemes = map[string]func(u *url.URL) (redis.UniversalClient, error){
	"redis":           single("redis"),
	"rediss":          single("rediss"),
	"unix":            single("unix"),
	"redis+unix":      single("unix"),
	"redis-cluster":   cluster("redis"),
	"rediss-cluster":  cluster("rediss"),
	"redis-sentinel":  sentinel("redis"),
	"rediss-sentinel": sentinel("rediss"),
}

// single makes clients of one server. The scheme is what the driver calls it.
func single(scheme string) func(u *url.URL) (redis.UniversalClient, error) {
	return func(u *url.URL) (redis.UniversalClient, error) {
		u.Scheme = scheme
		o, err := redis.ParseURL(u.String())
		if err != nil {
			return nil, err
		}
		o.ContextTimeoutEnabled = true
		return redis.NewClient(o), nil
	}
}

// cluster makes clients of a cluster.
func cluster(scheme string) func(u *url.URL) (redis.UniversalClient, error) {
	return func(u *url.URL) (redis.UniversalClient, error) {
		if strings.Trim(u.Path, "/") != "" {
			return nil, invalidOptions("a cluster has no databases to choose from")
		}
		u.Scheme = scheme
		o, err := redis.ParseClusterURL(u.String())
		if err != nil {
			return nil, err
		}
		o.ContextTimeoutEnabled = true
		return redis.NewClusterClient(o), nil
	}
}

// sentinel makes clients of the server that sentinels call the master.
func sentinel(scheme string) func(u *url.URL) (redis.UniversalClient, error) {
	return func(u *url.URL) (redis.UniversalClient, error) {
		u.Scheme = scheme
		o, err := redis.ParseFailoverURL(u.String())
		if err != nil {
			return nil, err
		}
		if o.MasterName == "" {
			return nil, invalidOptions("the parameter master_name is missing")
		}
		o.ContextTimeoutEnabled = true
		if o.RouteByLatency || o.RouteRandomly {
			return redis.NewFailoverClusterClient(o), nil
		}
		return redis.NewFailoverClient(o), nil
	}
}

// takeOptions removes the parameters that are ours.
func takeOptions(parameters url.Values) (*Options, error) {
	const name = "verify_listing"
	options := new(Options)
	if values := parameters[name]; len(values) > 0 {
		verify, err := strconv.ParseBool(values[0])
		if err != nil || len(values) > 1 {
			return nil, invalidOptions(name + " is not true or false")
		}
		options.VerifyListing = verify
		delete(parameters, name)
	}
	return options, nil
}

// maxSize is the largest number of connections that a URL may ask for. The
// driver takes memory for each, and panics over a negative number.
const maxSize = 100_000

// checkSizes refuses numbers of connections that make no sense.
func checkSizes(parameters url.Values) error {
	for _, name := range []string{
		"pool_size", "max_concurrent_dials", "min_idle_conns", "max_idle_conns", "max_active_conns", "dialer_retries",
	} {
		for _, value := range parameters[name] {
			if n, err := strconv.Atoi(value); err == nil && (n < 0 || n > maxSize) {
				return invalidOptions(fmt.Sprintf("%s is not from 0 to %d", name, maxSize))
			}
		}
	}
	return nil
}

// invalidURL returns what is wrong with a URL. The driver's error may repeat
// what was meant to be a password: of that only the name of a parameter is
// taken, if it looks like one and no @ in the query says that it is a part of
// the password.
func invalidURL(err error, query string, parameters url.Values) error {
	if errors.Is(err, core.ErrInvalidOptions) {
		return err
	}
	if strings.Contains(query, "@") {
		return invalidOptions("a parameter of the URL makes no sense; in a password, %3F stands for a question mark")
	}
	names := make([]string, 0, len(parameters))
	for name := range parameters {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if isParameter(name) && strings.Contains(err.Error(), name) {
			return invalidOptions("the parameter " + name + " is unknown, or its value makes no sense")
		}
	}
	return invalidOptions("the host, the path or a parameter of the URL makes no sense")
}

// isParameter reports whether a text looks like the name of a parameter.
func isParameter(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
}
