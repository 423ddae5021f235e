package vault

import (
	"net/http"
	"time"

	"github.com/hashicorp/vault-client-go"
)

// How long a client made by Open waits before it repeats a request: between
// these, and with each further attempt as much again.
const (
	minRetryWait = 100 * time.Millisecond
	maxRetryWait = 300 * time.Millisecond
)

// client makes the client.
func (s *settings) client(token string) (*vault.Client, error) {
	address := "https://" + s.host
	if !s.tls {
		address = "http://" + s.host
	}
	configured := []vault.ClientOption{
		vault.WithAddress(address),
		vault.WithRequestTimeout(s.timeout),
		vault.WithRetryConfiguration(vault.RetryConfiguration{
			RetryMax: s.retries, RetryWaitMin: minRetryWait, RetryWaitMax: maxRetryWait,
		}),
	}
	if s.authority != "" {
		tls := vault.TLSConfiguration{}
		tls.ServerCertificate.FromFile = s.authority
		configured = append(configured, vault.WithTLS(tls))
	}
	client, err := vault.New(configured...)
	if err != nil {
		return nil, invalidOptions("the host of the URL or the file of certificates makes no sense")
	}
	if err := client.SetToken(token); err != nil {
		return nil, invalidOptions("the token has characters that no token has")
	}
	// A bulk call sends many requests at once, and several calls may be under
	// way: their connections are to be kept, not made anew each time.
	if transport, ok := client.Configuration().HTTPClient.Transport.(*http.Transport); ok {
		transport.MaxIdleConns = maxIdleConnections
		transport.MaxIdleConnsPerHost = maxIdleConnections
	}
	return client, nil
}

// maxIdleConnections is how many connections are kept.
const maxIdleConnections = 128
