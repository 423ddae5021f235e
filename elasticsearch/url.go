package elasticsearch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/elastic/go-elasticsearch/v8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL of this form, with a client that is closed
// with the store:
//
//	elasticsearch://user:password@host:9200,host2:9200/prefix?parameters
//
// Everything but a host is optional; a host without a port means 9200. The
// scheme elasticsearchs is elasticsearch over TLS. The parameters are
//
//   - tls=true: TLS, with certificates that the system trusts
//   - ca_file=/path: TLS, with certificates that the authorities in that file of
//     PEM blocks have signed
//   - api_key=key: instead of a user, the API key as Elasticsearch encodes it
//   - single_index=true, no_create=true, v1_names=true, refresh=wait_for: the
//     [Options] of these names
//
// The nodes take turns, and one that does not answer is left out for a while.
// For other settings make a client and call [New].
//
// A [core.Mux] names the schemes that a program is to understand. The error
// matches core.ErrInvalidOptions and repeats nothing of the URL but names of
// parameters. Open does not speak to the server: [driver.Store.Ping] does.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	store, err := open(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	return store, nil
}

func open(text string) (*Store, error) {
	a, err := parseAddress(text)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = idleConnections
	if a.authorities != nil {
		transport.TLSClientConfig = &tls.Config{RootCAs: a.authorities, MinVersion: tls.VersionTLS12}
	}
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses: a.nodes, Username: a.user, Password: a.password, APIKey: a.apiKey, Transport: transport,
	})
	if err != nil {
		return nil, invalidOptions("the driver refuses the URL")
	}
	b, err := newBackend(client, &a.options)
	if err != nil {
		return nil, err
	}
	return newStore(b, &owningBackend{b, client, transport}), nil
}

// idleConnections is how many connections to each node are kept for the next
// calls. By default they would be two.
const idleConnections = 64

// address is what a URL says.
type address struct {
	nodes                  []string // URLs
	user, password, apiKey string
	authorities            *x509.CertPool // nil: the system's
	options                Options
}

func parseAddress(text string) (*address, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || scheme != "elasticsearch" && scheme != "elasticsearchs" {
		return nil, invalidOptions("the URL is not of the form elasticsearch://host:port/prefix?parameters")
	}
	// Package url takes only one host.
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	begin := strings.LastIndexByte(rest[:end], '@') + 1
	u, err := url.Parse("http://" + rest[:begin] + "host" + rest[end:])
	if err != nil || u.Fragment != "" {
		return nil, invalidOptions("not a URL")
	}
	a := &address{options: Options{Prefix: strings.Trim(u.Path, "/")}}
	a.user = u.User.Username()
	a.password, _ = u.User.Password()
	secure, err := a.take(u.RawQuery)
	if err != nil {
		return nil, err
	}
	if a.apiKey != "" && a.user != "" {
		return nil, invalidOptions("there are both a user and api_key")
	}
	for host := range strings.SplitSeq(rest[begin:end], ",") {
		node, err := nodeURL(host, secure || scheme == "elasticsearchs")
		if err != nil {
			return nil, err
		}
		a.nodes = append(a.nodes, node)
	}
	return a, nil
}

// nodeURL returns the URL of a node.
func nodeURL(host string, secure bool) (string, error) {
	u, err := url.Parse("http://" + host)
	if err != nil || u.Hostname() == "" || u.Host != host {
		return "", invalidOptions("a host of the URL makes no sense")
	}
	if port := u.Port(); port == "" {
		u.Host = strings.TrimSuffix(u.Host, ":") + ":9200"
	} else if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "", invalidOptions("a port of the URL makes no sense")
	}
	if secure {
		u.Scheme = "https"
	}
	return u.String(), nil
}

// take takes the parameters, and returns whether they ask for TLS.
func (a *address) take(query string) (secure bool, err error) {
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return false, invalidOptions("the parameters of the URL cannot be read")
	}
	for name, values := range parameters {
		if len(values) > 1 {
			return false, invalidOptions("a parameter is there twice")
		}
		value := values[0]
		switch name {
		case "tls":
			var on bool
			err = parseBool(value, &on)
			secure = secure || on
		case "ca_file":
			secure = true
			a.authorities, err = readAuthorities(value)
		case "api_key":
			a.apiKey = value
		case "single_index":
			err = parseBool(value, &a.options.SingleIndex)
		case "no_create":
			err = parseBool(value, &a.options.NoCreate)
		case "v1_names":
			err = parseBool(value, &a.options.V1Names)
		case "refresh":
			a.options.Refresh = Refresh(value)
		default:
			return false, invalidOptions(driver.UnknownParameter(query, name))
		}
		if err != nil {
			return false, invalidOptions("the value of the parameter " + name + " makes no sense: " + err.Error())
		}
	}
	return secure, nil
}

var errNoBool = errors.New("it is not true or false")

func parseBool(text string, to *bool) error {
	value, err := strconv.ParseBool(text)
	if err != nil {
		return errNoBool
	}
	*to = value
	return nil
}

// readAuthorities reads certificates from a file.
func readAuthorities(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.New("the file cannot be read")
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("the file holds no certificate")
	}
	return pool, nil
}

// owningBackend is a backend that closes its client.
type owningBackend struct {
	*backend
	client    *elasticsearch.Client
	transport *http.Transport
}

// Close closes the client. That somebody did so before is no error.
func (b *owningBackend) Close() error {
	err := b.client.Close(context.Background())
	b.transport.CloseIdleConnections()
	if errors.Is(err, elasticsearch.ErrAlreadyClosed) {
		return nil
	}
	return err
}
