package rocksdb

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL that names a directory, by its absolute path or
// by one that begins in the working directory:
//
//	rocksdb:///var/lib/app/data?sync=true
//	rocksdb:data?cache_size=67108864&compression=zstd
//
// The parameters sync, no_create, read_only, cache_size and compression are the
// fields of [Options], and each is optional. Anything else in the URL is refused
// with core.ErrInvalidOptions. Errors are otherwise those of [New].
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	directory, options, err := parse(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	store, err := New(directory, options)
	if err != nil {
		return nil, core.MapErrors(err, func(e core.Error) core.Error { e.Op = "open"; return e })
	}
	return store, nil
}

// parse returns the directory and the options that a URL names.
func parse(text string) (string, *Options, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return "", nil, invalidOptions("not a URL")
	}
	if u.User != nil || u.Host != "" || u.Fragment != "" {
		return "", nil, invalidOptions("the URL has more than a scheme, a path and parameters; an absolute path has three slashes before it")
	}
	directory := u.Path
	if u.Opaque != "" {
		if directory, err = url.PathUnescape(u.Opaque); err != nil {
			return "", nil, invalidOptions("the path of the URL cannot be read")
		}
	}
	if directory == "" || directory == "/" {
		return "", nil, invalidOptions("the URL names no directory")
	}
	options, err := optionsOf(u.RawQuery)
	return directory, options, err
}

// optionsOf returns the options that parameters stand for.
func optionsOf(query string) (*Options, error) {
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return nil, invalidOptions("the parameters of the URL cannot be read")
	}
	known := []string{"sync", "no_create", "read_only", "cache_size", "compression"}
	for name, values := range parameters {
		if !slices.Contains(known, name) {
			return nil, invalidOptions(driver.UnknownParameter(query, name))
		}
		if len(values) > 1 {
			return nil, invalidOptions(name + " is given twice")
		}
	}
	options := &Options{Compression: Compression(parameters.Get("compression"))}
	for name, field := range map[string]*bool{
		"sync": &options.Sync, "no_create": &options.NoCreate, "read_only": &options.ReadOnly,
	} {
		if !parameters.Has(name) {
			continue
		}
		var err error
		if *field, err = strconv.ParseBool(parameters.Get(name)); err != nil {
			return nil, invalidOptions(name + " is not true or false")
		}
	}
	if parameters.Has("cache_size") {
		var err error
		if options.CacheSize, err = strconv.Atoi(parameters.Get("cache_size")); err != nil {
			return nil, invalidOptions("cache_size is not a whole number")
		}
	}
	return options, options.check()
}
