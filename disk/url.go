package disk

import (
	"context"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// Open returns a store for a URL that names its directory:
//
//	disk:///var/lib/program/data?sync=true
//	disk:data                                 relative to the working directory
//	disk:///C:/ProgramData/program            on Windows
//
// The parameters are the fields of [Options], each optional: sync and no_create
// are true or false, max_size is a number of bytes, directory_mode and
// file_mode are octal numbers. multi=true makes a [Multi]. Anything else in the
// URL is refused with core.ErrInvalidOptions.
//
// The scheme is disk and not file, so that a program can offer other stores in
// files beside it.
func Open(ctx context.Context, url string) (core.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, refuse("open", err)
	}
	directory, options, multi, err := parse(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	if multi {
		return NewMulti(directory, &MultiOptions{Options: options})
	}
	return New(directory, &options)
}

// parse takes a URL apart.
func parse(text string) (directory string, options Options, multi bool, err error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", options, false, invalidOptions("not a URL")
	}
	if u.Host != "" || u.User != nil || u.Fragment != "" {
		return "", options, false, invalidOptions("the URL is not of the form disk:///directory?parameters")
	}
	directory = u.Path
	if u.Opaque != "" {
		if directory, err = url.PathUnescape(u.Opaque); err != nil {
			return "", options, false, invalidOptions("not a URL")
		}
	}
	if directory == "" || strings.IndexByte(directory, 0) >= 0 {
		return "", options, false, invalidOptions("the URL names no directory")
	}
	if len(directory) > 2 && directory[0] == '/' && filepath.VolumeName(directory[1:]) != "" {
		directory = directory[1:] // of Windows
	}
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", options, false, invalidOptions("the parameters of the URL cannot be read")
	}
	known := map[string]func(value string) error{
		"sync":           boolean(&options.Sync),
		"no_create":      boolean(&options.NoCreate),
		"multi":          boolean(&multi),
		"max_size":       size(&options.MaxSize),
		"directory_mode": mode(&options.DirectoryMode),
		"file_mode":      mode(&options.FileMode),
	}
	names := make([]string, 0, len(parameters))
	for name := range parameters {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		set := known[name]
		if set == nil {
			return "", options, false, invalidOptions(driver.UnknownParameter(u.RawQuery, name))
		}
		values := parameters[name]
		if len(values) != 1 || set(values[0]) != nil {
			return "", options, false, invalidOptions("the parameter " + name + " makes no sense")
		}
	}
	return filepath.FromSlash(directory), options, multi, nil
}

func boolean(to *bool) func(string) error {
	return func(value string) (err error) {
		*to, err = strconv.ParseBool(value)
		return err
	}
}

func size(to *int64) func(string) error {
	return func(value string) (err error) {
		*to, err = strconv.ParseInt(value, 10, 64)
		return err
	}
}

func mode(to *fs.FileMode) func(string) error {
	return func(value string) error {
		bits, err := strconv.ParseUint(value, 8, 32)
		*to = fs.FileMode(bits)
		return err
	}
}
