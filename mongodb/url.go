package mongodb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL as all drivers of MongoDB take it, with a
// client that is disconnected when the store is closed:
//
//	mongodb://user:password@host:27017,host2:27017/database?replicaSet=rs0
//	mongodb+srv://user:password@host/database
//
// Everything but the host is optional. The path is the database, by default
// [DefaultDatabase]; user and password are checked in it unless the parameter
// authSource says otherwise. The parameters no_create=true and
// v1_collections=true stand for [Options].NoCreate and V1Collections. All
// others are those of the driver, such as w, readPreference, tls and
// maxPoolSize; one that it does not know is refused.
//
// The error matches core.ErrInvalidOptions and repeats nothing of the URL but
// names of parameters. Open does not connect: [driver.Store.Ping] does. But it
// looks the name of a mongodb+srv URL up.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	text, o, err := splitURL(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(text))
	if err != nil {
		// The driver's error may repeat what was meant to be a password.
		return nil, refuse("open", invalidOptions("the driver does not take the URL, or its host cannot be found"))
	}
	b, err := newBackend(client, o)
	if err != nil {
		_ = client.Disconnect(context.WithoutCancel(ctx))
		return nil, refuse("open", err)
	}
	return newStore(b, &owningBackend{b}), nil
}

const plainScheme, searchScheme = "mongodb://", "mongodb+srv://"

// splitURL returns the URL without what is ours, and that as options.
func splitURL(text string) (string, *Options, error) {
	scheme := plainScheme
	rest, ok := strings.CutPrefix(text, scheme)
	if !ok {
		scheme = searchScheme
		if rest, ok = strings.CutPrefix(text, scheme); !ok {
			return "", nil, invalidOptions("the scheme is neither mongodb nor mongodb+srv")
		}
	}
	before, query, _ := strings.Cut(rest, "?")
	parameters, o, err := takeOptions(query)
	if err != nil {
		return "", nil, err
	}
	host, path, _ := strings.Cut(before, "/")
	if o.Database, err = url.PathUnescape(path); err != nil {
		return "", nil, invalidOptions("the path of the URL cannot be read")
	}
	if err := o.check(); err != nil {
		return "", nil, err
	}
	if parameters != "" {
		parameters = "?" + parameters
	}
	if err := checkParameters(scheme, parameters); err != nil {
		return "", nil, err
	}
	return scheme + host + "/" + path + parameters, o, nil
}

// takeOptions takes the parameters out that are ours.
func takeOptions(query string) (rest string, o *Options, err error) {
	o = new(Options)
	flags := map[string]*bool{"no_create": &o.NoCreate, "v1_collections": &o.V1Collections}
	var others []string
	for parameter := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		flag, ours := flags[name]
		if !ours {
			others = append(others, parameter)
			continue
		}
		if *flag, err = strconv.ParseBool(value); err != nil {
			return "", nil, invalidOptions(name + " is not true or false")
		}
	}
	return strings.Join(others, "&"), o, nil
}

// onlySearch are the parameters that a URL without srv must not have.
var onlySearch = []string{"srvmaxhosts", "srvservicename"}

// checkParameters refuses parameters that the driver does not know, which it
// would not look at, and those whose values it does not take.
func checkParameters(scheme, parameters string) error {
	query := strings.TrimPrefix(parameters, "?")
	if query == "" {
		return nil
	}
	for parameter := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if scheme == searchScheme && slices.Contains(onlySearch, strings.ToLower(name)) {
			continue
		}
		// The driver would take an @ for the end of a password, as it may be.
		if strings.Contains(query, "@") || !isParameter(name) {
			return invalidOptions(driver.UnknownParameter(query, name))
		}
		parsed, err := connstring.Parse(plainScheme + "host/?" + parameter)
		if err != nil {
			return invalidOptions("the value of the parameter " + name + " makes no sense")
		}
		if len(parsed.UnknownOptions) > 0 {
			return invalidOptions(driver.UnknownParameter(query, name))
		}
	}
	return nil
}

// isParameter reports whether a text looks like the name of a parameter.
func isParameter(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}
