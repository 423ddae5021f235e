package memory

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Open returns a new store that is configured by the parameters of a URL:
//
//	memory://?max_entries=1000&max_bytes=67108864&sweep_interval=5m
//
// They are the fields of [Options] and each is optional; an interval is what
// [time.ParseDuration] reads. Each call returns a store of its own. Anything
// else in the URL is refused with core.ErrInvalidOptions.
func Open(ctx context.Context, url string) (core.Store, error) {
	parameters, err := parametersOf(ctx, url, "max_entries", "max_bytes", "sweep_interval")
	if err != nil {
		return nil, openError(err)
	}
	var options Options
	if options.MaxEntries, err = number(parameters, "max_entries"); err != nil {
		return nil, openError(err)
	}
	if options.MaxBytes, err = number(parameters, "max_bytes"); err != nil {
		return nil, openError(err)
	}
	if parameters.Has("sweep_interval") {
		text := parameters.Get("sweep_interval")
		if options.SweepInterval, err = time.ParseDuration(text); err != nil {
			return nil, openError(invalidOptions("sweep_interval is not a duration such as 90s"))
		}
	}
	store, err := New(&options)
	if err != nil {
		return nil, core.MapErrors(err, func(e core.Error) core.Error { e.Op = "open"; return e })
	}
	return store, nil
}

// OpenSimple returns [NewSimple] for a URL such as "simple://", which has no
// parameters.
func OpenSimple(ctx context.Context, url string) (core.Store, error) {
	if _, err := parametersOf(ctx, url); err != nil {
		return nil, openError(err)
	}
	return NewSimple(), nil
}

// OpenNull returns [NewNull] for a URL such as "null://", which has no
// parameters.
func OpenNull(ctx context.Context, url string) (core.Store, error) {
	if _, err := parametersOf(ctx, url); err != nil {
		return nil, openError(err)
	}
	return NewNull(), nil
}

// openError names no part of the URL.
func openError(cause error) error { return refuse("open", "", "", cause) }

// parametersOf returns the parameters of a URL that has nothing else, each at
// most once and all of them known. The scheme is the business of core.Mux.
func parametersOf(ctx context.Context, text string, known ...string) (url.Values, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return nil, invalidOptions("not a URL")
	}
	if u.Opaque != "" || u.User != nil || u.Host != "" || u.Path != "" || u.Fragment != "" {
		return nil, invalidOptions("the URL has more than a scheme and parameters")
	}
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, invalidOptions("the parameters of the URL cannot be read")
	}
	for name, values := range parameters {
		if !slices.Contains(known, name) {
			return nil, invalidOptions("unknown parameter " + strconv.Quote(name))
		}
		if len(values) > 1 {
			return nil, invalidOptions(name + " is given twice")
		}
	}
	return parameters, nil
}

// number returns the parameter, or zero where it is missing.
func number(parameters url.Values, name string) (int, error) {
	if !parameters.Has(name) {
		return 0, nil
	}
	n, err := strconv.Atoi(parameters.Get(name))
	if err != nil {
		return 0, invalidOptions(name + " is not a whole number")
	}
	return n, nil
}
