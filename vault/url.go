package vault

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL, with a client of its own:
//
//	vault://vault.example:8200/secret?namespace=team&max_versions=5
//	vault+http://localhost:8200                    without TLS
//
// The path is the mount, [DefaultMount] if it is empty; the port is 8200 if there
// is none. Parameters, each optional: namespace, max_versions, max_value,
// concurrency and cull_names are the fields of [Options]; ca_certificate is a file
// with the certificates that the server's is checked against; tls=false is
// another way to say vault+http; timeout bounds a request, and is a duration such
// as 10s, by default a minute; max_retries is how often a failed request is
// repeated, by default 2, after a few tenths of a second.
//
// The token is in the file that the parameter token_file names, or else in the
// environment variable VAULT_TOKEN. It is no part of the URL, which shows in
// lists of processes and in logs; a URL with a user or a password is refused.
// The token is read once: for one that is renewed, use [New].
//
// The error matches core.ErrInvalidOptions and repeats nothing of the URL but
// names of parameters. Open does not speak to the server: [driver.Store.Ping]
// does.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	b, err := backendFor(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	return newStore(b, &owningBackend{b}), nil
}

// settings are what a URL says.
type settings struct {
	host      string
	options   Options
	tls       bool
	timeout   time.Duration
	retries   int
	tokenFile string
	authority string // file of certificates
}

// backendFor returns a backend for a URL.
func backendFor(text string) (*backend, error) {
	s, err := parse(text)
	if err != nil {
		return nil, err
	}
	token, err := s.token()
	if err != nil {
		return nil, err
	}
	client, err := s.client(token)
	if err != nil {
		return nil, err
	}
	return newBackend(client, &s.options)
}

// parse returns what a URL says.
func parse(text string) (*settings, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, invalidOptions("not a URL")
	}
	s := &settings{host: u.Host, timeout: time.Minute, retries: 2, options: Options{Mount: strings.Trim(u.Path, "/")}}
	switch u.Scheme {
	case "vault":
		s.tls = true
	case "vault+http":
		if u.Query().Has("tls") {
			return nil, invalidOptions("the parameter tls and the scheme vault+http say the same or contradict each other")
		}
	default:
		return nil, invalidOptions("unknown scheme " + strconv.Quote(u.Scheme))
	}
	if u.User != nil {
		return nil, invalidOptions("the URL holds a user or a password: the token is in VAULT_TOKEN, or in a file")
	}
	if u.Hostname() == "" || u.Opaque != "" || u.Fragment != "" {
		return nil, invalidOptions("the URL is not of the form vault://host:port/mount?parameters")
	}
	if u.Port() == "" {
		s.host = net.JoinHostPort(u.Hostname(), "8200")
	}
	return s, s.take(u.RawQuery)
}

// take reads the parameters.
func (s *settings) take(query string) error {
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return invalidOptions("the parameters of the URL cannot be read")
	}
	known := map[string]func(value string) error{
		"namespace":      text(&s.options.Namespace),
		"token_file":     text(&s.tokenFile),
		"ca_certificate": text(&s.authority),
		"max_versions":   number(&s.options.MaxVersions),
		"max_value":      number(&s.options.MaxValue),
		"concurrency":    number(&s.options.Concurrency),
		"cull_names":     truth(&s.options.CullNames),
		"tls":            truth(&s.tls),
		"max_retries": func(value string) error {
			err := number(&s.retries)(value)
			if err == nil && (s.retries < 0 || s.retries > 100) {
				return strconv.ErrRange
			}
			return err
		},
		"timeout": func(value string) (err error) {
			s.timeout, err = time.ParseDuration(value)
			if err == nil && s.timeout <= 0 {
				err = errors.New("not positive")
			}
			return err
		},
	}
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		set := known[name]
		if set == nil {
			return invalidOptions(driver.UnknownParameter(query, name))
		}
		if values := parameters[name]; len(values) != 1 || set(values[0]) != nil {
			return invalidOptions("the parameter " + name + " makes no sense")
		}
	}
	return nil
}

func text(to *string) func(string) error {
	return func(value string) error {
		*to = value
		return nil
	}
}

func number(to *int) func(string) error {
	return func(value string) (err error) {
		*to, err = strconv.Atoi(value)
		return err
	}
}

func truth(to *bool) func(string) error {
	return func(value string) (err error) {
		*to, err = strconv.ParseBool(value)
		return err
	}
}

// token returns the token, or why there is none.
func (s *settings) token() (string, error) {
	token := os.Getenv("VAULT_TOKEN")
	if s.tokenFile != "" {
		content, err := os.ReadFile(s.tokenFile)
		if err != nil {
			return "", invalidOptions("the file of the parameter token_file cannot be read")
		}
		token = strings.TrimSpace(string(content))
	}
	if token == "" {
		return "", invalidOptions("there is no token: VAULT_TOKEN is not set, or the file is empty")
	}
	return token, nil
}
