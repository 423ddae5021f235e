package winregistry

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL such as
//
//	winregistry://HKCU/Software/Company/Program?view=64&sync=true
//
// The host is the hive: HKCU, HKLM, HKU, or the long name such as
// HKEY_CURRENT_USER; nothing means HKCU. The path is that of the key, with
// slashes or backslashes between the names; a slash in a name is %2F. Nothing
// means [DefaultPath]. The parameters are optional: view is 64 or 32;
// no_create, volatile and sync are true or false; see [Options].
//
// Anything else in the URL is refused with core.ErrInvalidOptions. On systems
// other than Windows the error matches errors.ErrUnsupported. Open does not
// touch the registry.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	options, err := optionsOf(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	store, err := newStore("open", options)
	if err != nil {
		return nil, err
	}
	return store, nil
}

// optionsOf returns the options in a URL. The scheme is the business of
// core.Mux.
func optionsOf(text string) (*Options, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return nil, invalidOptions("not a URL")
	}
	if u.Opaque != "" || u.User != nil || u.Fragment != "" || u.Port() != "" {
		return nil, invalidOptions("the URL has more than a hive, a path and parameters")
	}
	var options Options
	if options.Hive, err = hiveOf(u.Host); err != nil {
		return nil, err
	}
	if options.Path, err = pathOf(u.EscapedPath()); err != nil {
		return nil, err
	}
	if err := options.set(u.RawQuery); err != nil {
		return nil, err
	}
	return &options, nil
}

// hiveOf returns the hive of that name, in any case.
func hiveOf(host string) (Hive, error) {
	if host == "" {
		return CurrentUser, nil
	}
	for hive, known := range hiveNames {
		if strings.EqualFold(host, known[0]) || strings.EqualFold(host, known[1]) {
			return Hive(hive), nil
		}
	}
	return 0, invalidOptions("the host of the URL is not HKCU, HKLM or HKU")
}

// pathOf returns the path of a key for that of a URL. Both separators are
// taken, and a slash that was escaped belongs to a name.
func pathOf(escaped string) (string, error) {
	escaped = strings.TrimPrefix(escaped, "/")
	if escaped == "" {
		return "", nil
	}
	parts := strings.Split(escaped, "/")
	for i, part := range parts {
		name, err := url.PathUnescape(part)
		if err != nil {
			return "", invalidOptions("the path of the URL cannot be read")
		}
		if name == "" {
			return "", invalidOptions("the path of the URL has an empty name: a slash too many")
		}
		parts[i] = name
	}
	return strings.Join(parts, `\`), nil
}

// set takes over the parameters.
func (o *Options) set(query string) error {
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return invalidOptions("the parameters of the URL cannot be read")
	}
	switches := map[string]*bool{"no_create": &o.NoCreate, "volatile": &o.Volatile, "sync": &o.Sync}
	for name, values := range parameters {
		target, isSwitch := switches[name]
		if !isSwitch && name != "view" {
			return invalidOptions(driver.UnknownParameter(query, name))
		}
		if len(values) > 1 {
			return invalidOptions(name + " is given twice")
		}
		if isSwitch {
			on, err := strconv.ParseBool(values[0])
			if err != nil {
				return invalidOptions(name + " is neither true nor false")
			}
			*target = on
			continue
		}
		view := slices.Index([]string{"64", "32"}, values[0])
		if view < 0 {
			return invalidOptions("view is neither 64 nor 32")
		}
		o.View = View64 + View(view)
	}
	return nil
}
