package rocksdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb/internal/librocksdb"
)

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		options Options
		want    librocksdb.Settings
	}{
		{Options{}, librocksdb.Settings{Create: true, CacheSize: DefaultCacheSize, Compression: -1}},
		{Options{Sync: true, NoCreate: true, CacheSize: 1, Compression: None}, librocksdb.Settings{Sync: true, CacheSize: 1}},
		{Options{ReadOnly: true, Compression: Zstd}, librocksdb.Settings{Create: true, ReadOnly: true, CacheSize: DefaultCacheSize, Compression: 7}},
		{Options{Compression: Snappy}, librocksdb.Settings{Create: true, CacheSize: DefaultCacheSize, Compression: 1}},
		{Options{Compression: LZ4}, librocksdb.Settings{Create: true, CacheSize: DefaultCacheSize, Compression: 4}},
	} {
		if err := test.options.check(); err != nil {
			t.Errorf("%+v: %v", test.options, err)
		}
		if got := test.options.settings(); got != test.want {
			t.Errorf("%+v means %+v; want %+v", test.options, got, test.want)
		}
	}
	for _, options := range []Options{{CacheSize: -1}, {Compression: "LZ4"}, {Compression: "gzip"}, {Library: "a\x00b"}} {
		if err := options.check(); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%+v: %v; want ErrInvalidOptions", options, err)
		}
	}
}

func TestLibraryOfOptions(t *testing.T) {
	t.Setenv(LibraryVariable, "from the environment")
	if got := (&Options{}).library(); got != "from the environment" {
		t.Errorf("library = %q", got)
	}
	if got := (&Options{Library: "from the options"}).library(); got != "from the options" {
		t.Errorf("library = %q", got)
	}
}

func TestURLs(t *testing.T) {
	for _, test := range []struct {
		url       string
		directory string
		options   Options
	}{
		{"rocksdb:///var/lib/app/data", "/var/lib/app/data", Options{}},
		{"rocksdb:/var/lib/app/data", "/var/lib/app/data", Options{}},
		{"rocksdb:data", "data", Options{}},
		{"rocksdb:a/b%20c?sync=1", "a/b c", Options{Sync: true}},
		{"rocksdb:///a%3fb/%C3%A9", "/a?b/é", Options{}},
		{"rocksdb:///d?sync=true&no_create=true&read_only=true&cache_size=7&compression=zstd", "/d",
			Options{Sync: true, NoCreate: true, ReadOnly: true, CacheSize: 7, Compression: Zstd}},
		{"rocksdb:///d?sync=false&compression=", "/d", Options{}},
	} {
		directory, options, err := parse(test.url)
		if err != nil || directory != test.directory || !reflect.DeepEqual(*options, test.options) {
			t.Errorf("parse(%q) = %q, %+v, %v; want %q, %+v", test.url, directory, options, err, test.directory, test.options)
		}
	}
	for _, url := range []string{
		"", "data", "://", "rocksdb:", "rocksdb://", "rocksdb:///", "rocksdb://host/data", "rocksdb://user:secret@/data", "rocksdb:///data#secret",
		"rocksdb:///data?sync=maybe", "rocksdb:///data?sync=true&sync=true", "rocksdb:///data?cache_size=many", "rocksdb:///data?cache_size=-1",
		"rocksdb:///data?compression=secret", "rocksdb:///data?library=/tmp/evil.so", "rocksdb:///data?%zz", "rocksdb:%zz", "rocksdb:///a\x00b",
	} {
		store, err := Open(t.Context(), url)
		var failure *core.Error
		if !errors.As(err, &failure) || failure.Op != "open" || !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("Open(%q) = %v, %v; want ErrInvalidOptions of open", url, store, err)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) = %v, which repeats the URL", url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, "rocksdb:data"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a context that is done = %v", err)
	}
}

// FuzzURL: whatever is taken names a directory.
func FuzzURL(f *testing.F) {
	f.Add("rocksdb:///var/lib/app/data?sync=true&cache_size=1")
	f.Add("rocksdb:a%2fb?compression=lz4")
	f.Fuzz(func(t *testing.T, url string) {
		directory, options, err := parse(url)
		if err == nil && (directory == "" || options.check() != nil) {
			t.Errorf("parse(%q) = %q, %+v", url, directory, options)
		}
		if err != nil && !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("parse(%q) = %v", url, err)
		}
	})
}

func TestFailure(t *testing.T) {
	for text, want := range map[string]error{
		"IO error: While lock file: /d/LOCK: Resource temporarily unavailable":                   ErrLocked,
		"IO error: lock hold by current process, acquire time 1 acquiring thread 2: /d/LOCK: No": ErrLocked,
		"IO error: No space left on device: While appending to file: /d/000004.log":              syscall.ENOSPC,
		"IO error: Permission denied: While open a file for appending: /d/000004.log":            fs.ErrPermission,
		"Invalid argument: Column families not opened: other":                                    ErrForeign,
	} {
		if err := failure(librocksdb.Error(text)); !errors.Is(err, want) || !strings.Contains(err.Error(), text) {
			t.Errorf("failure(%q) = %v; want one that matches %v", text, err, want)
		}
	}
	for _, err := range []error{nil, librocksdb.Error("Corruption: block checksum mismatch"), fmt.Errorf("wrapped: %w", fs.ErrNotExist)} {
		if got := failure(err); got != err {
			t.Errorf("failure(%v) = %v; want it as it is", err, got)
		}
	}
}

func TestLimitsOfNames(t *testing.T) {
	long := strings.Repeat("x", MaxName)
	if err := checkName(long, long); err != nil {
		t.Error(err)
	}
	for _, names := range [][2]string{{long + "x", "k"}, {"c", long + "x"}} {
		if err := checkName(names[0], names[1]); !errors.Is(err, core.ErrInvalidKey) || len(err.Error()) > 200 {
			t.Errorf("checkName of %d and %d bytes = %v; want ErrInvalidKey", len(names[0]), len(names[1]), err)
		}
	}
}
