package memcached

import (
	"context"
	"errors"
	"math"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// defaultPort is where Memcached listens if it is not told otherwise.
const defaultPort = "11211"

// defaultMaxConns is how many connections single calls use to each server.
const defaultMaxConns = 64

// Open returns a store over the servers that a URL names:
//
//	memcached://one.example:11211,two.example?timeout=500ms&v1_keys=true
//	memcached:///run/memcached.sock
//
// Servers are hosts, each with a port unless that is 11211, and the order of
// several decides which has which entry. All parameters are optional:
//
//   - timeout, how long a connection, a request or an item of a reply may
//     take; 500ms
//   - max_conns, how many connections to each server single calls may use, 64;
//     a call beyond those waits for one, for as long as timeout says
//   - v1_keys and max_item_size, as in [Options]
//
// Anything else in the URL is refused with core.ErrInvalidOptions. There is no
// authentication and no TLS: make a client with a function that dials, and a
// store with [New].
//
// Open does not speak to the servers; [driver.Store.Ping] does. The store owns
// its connections and [driver.Store.Close] closes them. A connection that a
// server has closed while it was idle is replaced before it is used.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	c, err := parse(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	client := memcache.NewFromSelector(c.servers)
	client.Timeout, client.MaxIdleConns = c.timeout, c.maxConns
	b, err := newBackend(client, &c.options)
	if err != nil {
		return nil, refuse("open", err)
	}
	b.owned = &owned{servers: c.servers}
	for _, server := range c.servers {
		b.owned.sessions = append(b.owned.sessions, newSessions(server, c.timeout, c.maxConns))
	}
	return newStore(b, &owner{b}), nil
}

// owner is a backend that made its client itself.
type owner struct{ *backend }

// Close closes all connections.
func (o *owner) Close() error {
	for _, p := range o.owned.sessions {
		p.Close()
	}
	return errors.Join(o.client.Close(), o.bulk.Close())
}

// configuration is what a URL says.
type configuration struct {
	servers  servers
	timeout  time.Duration
	maxConns int
	options  Options
}

// parse reads a URL. It does so by itself since package url refuses several
// ports. Errors name no part of the URL but the names of its parameters.
func parse(text string) (*configuration, error) {
	_, rest, found := strings.Cut(text, "://")
	if !found {
		return nil, invalidOptions("not a URL")
	}
	rest, query, _ := strings.Cut(rest, "?")
	c := new(configuration)
	var err error
	if c.servers, err = parseServers(rest); err != nil {
		return nil, err
	}
	c.options.Selector = c.servers
	return c, c.parseQuery(query)
}

// parseServers reads what is between the scheme and the parameters.
func parseServers(text string) (servers, error) {
	if strings.HasPrefix(text, "/") {
		path, err := url.PathUnescape(text)
		if err != nil || path == "/" || strings.Contains(path, "\x00") {
			return nil, invalidOptions("the path of the socket cannot be read")
		}
		return servers{&address{"unix", path}}, nil
	}
	var list servers
	for server := range strings.SplitSeq(strings.TrimSuffix(text, "/"), ",") {
		a, err := parseServer(server)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// parseServer reads a host with or without a port.
func parseServer(text string) (*address, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil { // there is no port, or something is wrong
		host, port, err = net.SplitHostPort(text + ":" + defaultPort)
	}
	number, bad := strconv.ParseUint(port, 10, 16)
	switch {
	case text == "":
		return nil, invalidOptions("a server has no name")
	case strings.Contains(text, "@"):
		return nil, invalidOptions("the URL has a user: there is no authentication")
	case err != nil || bad != nil || number == 0 || host == "" || strings.ContainsAny(host, "/?#[]% \t\r\n"):
		return nil, invalidOptions("a server is not a host or a host and a port")
	}
	return &address{"tcp", net.JoinHostPort(host, port)}, nil
}

// parseQuery reads the parameters.
func (c *configuration) parseQuery(text string) error {
	p := parameters{known: []string{"timeout", "max_conns", "v1_keys", "max_item_size"}}
	p.read(text)
	o := &c.options
	c.timeout = p.duration("timeout", memcache.DefaultTimeout)
	o.V1Keys = p.flag("v1_keys")
	o.MaxItemSize = p.number("max_item_size", DefaultMaxItemSize)
	c.maxConns = p.number("max_conns", defaultMaxConns)
	return p.err
}

// parameters are those of a URL. The first mistake stays.
type parameters struct {
	known  []string
	values url.Values
	err    error
}

func (p *parameters) fail(reason string) {
	if p.err == nil {
		p.err = invalidOptions(reason)
	}
}

// read reads parameters, each at most once and all of them known.
func (p *parameters) read(text string) {
	var err error
	if p.values, err = url.ParseQuery(text); err != nil || strings.Contains(text, "#") {
		p.fail("the parameters of the URL cannot be read")
	}
	for name, values := range p.values {
		if !slices.Contains(p.known, name) {
			p.fail(driver.UnknownParameter(text, name))
		}
		if len(values) > 1 {
			p.fail(name + " is given twice")
		}
	}
}

func (p *parameters) duration(name string, otherwise time.Duration) time.Duration {
	if !p.values.Has(name) {
		return otherwise
	}
	d, err := time.ParseDuration(p.values.Get(name))
	if err != nil || d <= 0 {
		p.fail(name + " is not a duration such as 500ms")
	}
	return d
}

func (p *parameters) number(name string, otherwise int) int {
	if !p.values.Has(name) {
		return otherwise
	}
	n, err := strconv.Atoi(p.values.Get(name))
	if err != nil || n < 1 || n > math.MaxInt32 {
		p.fail(name + " is not a whole number above zero")
	}
	return n
}

func (p *parameters) flag(name string) bool {
	if !p.values.Has(name) {
		return false
	}
	yes, err := strconv.ParseBool(p.values.Get(name))
	if err != nil {
		p.fail(name + " is neither true nor false")
	}
	return yes
}
