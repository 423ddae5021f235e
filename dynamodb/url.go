package dynamodb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/logging"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL of the form
//
//	dynamodb://table?region=eu-west-1&profile=name&endpoint=http://localhost:8000
//
// with a client whose connections are closed with the store. Region,
// credentials and all that the URL does not say come from where AWS's programs
// have them: the environment, shared files of configuration, the role of the
// machine. The parameters, all optional, are
//
//   - region, such as eu-west-1;
//   - profile, a section of the shared files;
//   - endpoint, the http or https address of another server that speaks
//     DynamoDB's protocol;
//   - no_create=true and eventual_reads=true, which stand for
//     [Options].NoCreate and [Options].EventualReads.
//
// The URL has no credentials, and Open reads the configuration, but does not
// speak to DynamoDB: [driver.Store.Ping] does. The error matches
// core.ErrInvalidOptions.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	p, err := parse(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	client, transport, err := p.client(ctx)
	if err != nil {
		return nil, refuse("open", err)
	}
	b, err := newBackend(client, &p.options)
	if err != nil {
		return nil, refuse("open", err)
	}
	return newStore(b, &owningBackend{b, transport}), nil
}

// parameters are what a URL says.
type parameters struct {
	options                   Options
	region, profile, endpoint string
}

func parse(text string) (*parameters, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, invalidOptions("not a URL")
	}
	if u.Scheme != "dynamodb" {
		return nil, invalidOptions("unknown scheme " + strconv.Quote(u.Scheme))
	}
	if u.User != nil {
		return nil, invalidOptions("a URL has no credentials: AWS's configuration does")
	}
	if u.Opaque != "" || u.Fragment != "" || (u.Path != "" && u.Path != "/") || u.Host == "" {
		return nil, invalidOptions("the URL is not of the form dynamodb://table?parameters")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, invalidOptions("the parameters of the URL cannot be read")
	}
	p := &parameters{options: Options{Table: u.Host}}
	for name, values := range query {
		if err := p.set(u.RawQuery, name, values); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// set takes one parameter of the query.
func (p *parameters) set(query, name string, values []string) (err error) {
	value := values[0]
	switch name {
	case "region":
		p.region = value
	case "profile":
		p.profile = value
	case "endpoint":
		p.endpoint = value
		if e, err := url.Parse(value); err != nil || (e.Scheme != "http" && e.Scheme != "https") || e.Host == "" {
			return invalidOptions("endpoint is not an http or https URL")
		}
	case "no_create":
		p.options.NoCreate, err = strconv.ParseBool(value)
	case "eventual_reads":
		p.options.EventualReads, err = strconv.ParseBool(value)
	default:
		return invalidOptions(driver.UnknownParameter(query, name))
	}
	if err != nil {
		return invalidOptions(name + " is not true or false")
	}
	if value == "" || len(values) > 1 {
		return invalidOptions(name + " is empty, or there more than once")
	}
	return nil
}

const (
	// idleConnections is how many connections are kept. Bulk calls use several,
	// and the SDK's own number, ten, would have them made again and again.
	idleConnections = 64

	// replyPatience is how long a reply may take where the context says
	// nothing. Without it a call on a connection that went silent would not end.
	replyPatience = 30 * time.Second
)

// client returns a client, and the transport of its connections.
func (p *parameters) client(ctx context.Context) (*dynamodb.Client, *http.Transport, error) {
	buildable := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns, t.MaxIdleConnsPerHost = idleConnections, idleConnections
		t.ResponseHeaderTimeout = replyPatience
	})
	loaded, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(p.region), config.WithSharedConfigProfile(p.profile), config.WithHTTPClient(buildable),
		// The SDK would write warnings to the standard error, such as one for
		// each reply of another server without a checksum.
		config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", core.ErrInvalidOptions, err)
	}
	if loaded.Region == "" {
		return nil, nil, invalidOptions("neither the URL nor AWS's configuration has a region")
	}
	// The configuration may have added certificates.
	if b, ok := loaded.HTTPClient.(*awshttp.BuildableClient); ok {
		buildable = b
	}
	transport := buildable.GetTransport()
	loaded.HTTPClient = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	client := dynamodb.NewFromConfig(loaded, func(o *dynamodb.Options) {
		if p.endpoint != "" {
			o.BaseEndpoint = aws.String(p.endpoint)
		}
	})
	return client, transport, nil
}

// owningBackend is a backend that closes its connections.
type owningBackend struct {
	*backend
	transport *http.Transport
}

// Close closes the connections, none of which is in use.
func (b *owningBackend) Close() error {
	b.transport.CloseIdleConnections()
	return nil
}
