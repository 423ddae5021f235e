package valkey

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func TestParse(t *testing.T) {
	for url, want := range map[string]string{
		"valkey://localhost":                          "[localhost:6379] 0   tls=false master= cache=false resp2=false retry=true verify=false ttl=0s",
		"redis://[::1]:7000/3":                        "[[::1]:7000] 3   tls=false master= cache=false resp2=false retry=true verify=false ttl=0s",
		"valkey://ada:p%40ss@localhost:7000/3?db=4":   "[localhost:7000] 4 ada p@ss tls=false master= cache=false resp2=false retry=true verify=false ttl=0s",
		"valkeys://localhost?verify_listing=true":     "[localhost:6379] 0   tls=true master= cache=false resp2=false retry=true verify=true ttl=0s",
		"rediss://localhost?client_cache_ttl=30s":     "[localhost:6379] 0   tls=true master= cache=true resp2=false retry=true verify=false ttl=30s",
		"valkey://a:1?addr=b:2&addr=[::1]:3":          "[a:1 b:2 [::1]:3] 0   tls=false master= cache=false resp2=false retry=true verify=false ttl=0s",
		"valkeys://a:1?addr=b:2&master_set=main":      "[a:1 b:2] 0   tls=true master=main cache=false resp2=false retry=true verify=false ttl=0s",
		"unix://ada:secret@/run/valkey.sock?db=2":     "[/run/valkey.sock] 2 ada secret tls=false master= cache=false resp2=false retry=true verify=false ttl=0s",
		"valkey://localhost?protocol=2&max_retries=0": "[localhost:6379] 0   tls=false master= cache=false resp2=true retry=false verify=false ttl=0s",
		"valkey://localhost?protocol=3":               "[localhost:6379] 0   tls=false master= cache=false resp2=false retry=true verify=false ttl=0s",
	} {
		o, options, err := parse(url)
		if err != nil {
			t.Errorf("parse(%q) = %v", url, err)
			continue
		}
		got := fmt.Sprintf("%v %d %s %s tls=%t master=%s cache=%t resp2=%t retry=%t verify=%t ttl=%v", o.InitAddress, o.SelectDB, o.Username, o.Password,
			o.TLSConfig != nil, o.Sentinel.MasterSet, !o.DisableCache, o.AlwaysRESP2, !o.DisableRetry, options.VerifyListing, options.ClientCacheTTL)
		if got != want {
			t.Errorf("parse(%q) is\n%s, want\n%s", url, got, want)
		}
		if o.Sentinel.TLSConfig != o.TLSConfig {
			t.Errorf("parse(%q): sentinels are not asked as the servers are", url)
		}
	}
	o, _, err := parse("valkey://h?dial_timeout=2s&write_timeout=3s&client_name=ada")
	if err != nil || o.Dialer.Timeout != 2*time.Second || o.ConnWriteTimeout != 3*time.Second || o.ClientName != "ada" {
		t.Errorf("the timeouts and the name are %v, %v and %q, %v", o.Dialer.Timeout, o.ConnWriteTimeout, o.ClientName, err)
	}
	o, _, err = parse("valkeys://h?skip_verify")
	if err != nil || !o.TLSConfig.InsecureSkipVerify {
		t.Errorf("skip_verify is ignored: %v", err)
	}
}

var refusedURLs = map[string]string{
	"":                                  "scheme",
	"http://localhost":                  "scheme",
	"valkey:localhost":                  "form",
	"valkey://localhost#3":              "form",
	"valkey://localhost/sessions":       "database",
	"valkey://localhost/1/2":            "database",
	"valkey://localhost:port":           "not a URL",
	"valkey://user:pass word%zz@h":      "not a URL",
	"valkey://localhost?%zz=1":          "parameters",
	"valkey://localhost?addrs=b":        `"addrs"`,
	"valkey://localhost?addr=b":         "addr",
	"valkey://localhost?addr=:1":        "addr",
	"valkey://localhost?addr=secret":    "addr",
	"valkey://a,b:2/0":                  "addr",
	"valkey://localhost?db=x":           "database",
	"valkey://localhost?db=1&db=2":      "db",
	"valkey://localhost?protocol=4":     "protocol",
	"valkey://localhost?max_retries=5":  "max_retries",
	"valkey://localhost?dial_timeout=x": "parameter",
	"valkey://h?verify_listing=yes":     "verify_listing",
	"valkey://h?client_cache_ttl=long":  "client_cache_ttl",
	"valkey://h?client_cache_ttl=-1s":   "ClientCacheTTL",
	"valkey://h?client_cache=1":         `"client_cache"`,
	// Whatever the URL says, it may be a password at the wrong place.
	"valkey://:p/secret@localhost":            "not a URL",
	"valkey://localhost/secret":               "database",
	"valkey://localhost?write_timeout=secret": "parameter",
	"valkey://user:12?secret@localhost":       "question mark",
	"valkey://user:12?secret=x@localhost":     "question mark",
}

func TestOpenRefuses(t *testing.T) {
	for url, reason := range refusedURLs {
		store, err := Open(t.Context(), url)
		var e *core.Error
		switch {
		case store != nil || !errors.Is(err, core.ErrInvalidOptions):
			t.Errorf("Open(%q) = %v, %v; want nil and ErrInvalidOptions", url, store, err)
		case !errors.As(err, &e) || e.Op != "open" || e.Store != "valkey":
			t.Errorf("Open(%q) = %#v, want a core.Error of open", url, err)
		case !strings.Contains(err.Error(), reason) || strings.Contains(err.Error(), "secret"):
			t.Errorf("Open(%q) = %v, want a text with %q", url, err, reason)
		}
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(done, "valkey://127.0.0.1:1"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a context that is done = %v", err)
	}
	if _, err := Open(t.Context(), "valkey://127.0.0.1:1"); err == nil || errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("Open without a server = %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	client := newFakeServer(t, func([]string) string { return "+OK\r\n" }).client(t)
	for name, made := range map[string]func() (*Store, error){
		"no client":  func() (*Store, error) { return New(nil, nil) },
		"nil client": func() (*Store, error) { return New((*struct{ valkey.Client })(nil), nil) },
		"negative":   func() (*Store, error) { return New(client, &Options{ClientCacheTTL: -1}) },
	} {
		store, err := made()
		var e *core.Error
		if store != nil || !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &e) || e.Op != "new" {
			t.Errorf("%s: New = %v, %v; want ErrInvalidOptions", name, store, err)
		}
	}
	store, err := New(client, nil)
	if err != nil || store.Client() != client {
		t.Errorf("New = %v, %v", store, err)
	}
}

// A read is tried again for about a quarter of a second, and not for ever.
func TestRetryDelay(t *testing.T) {
	total := time.Duration(0)
	for attempt := 1; ; attempt++ {
		delay := retryDelay(attempt, valkey.Completed{}, nil)
		if delay < 0 {
			break
		}
		if total += delay; attempt > 10 {
			t.Fatal("a read is tried again without end")
		}
	}
	if delay := retryDelay(1, valkey.Completed{}, os.ErrDeadlineExceeded); delay >= 0 {
		t.Errorf("a read that was not answered in time is tried again after %v", delay)
	}
	if total < 100*time.Millisecond || total > time.Second {
		t.Errorf("a read is tried again for %v", total)
	}
}

// No URL makes it panic, and no error repeats a password.
func FuzzParse(f *testing.F) {
	for url := range refusedURLs {
		f.Add(url)
	}
	f.Add("?:canary@")
	f.Add("valkeys://user:canary@host:6379/0?addr=b&master_set=m")
	f.Fuzz(func(t *testing.T, url string) {
		_, options, err := parse(url)
		if err == nil {
			if err := options.check(); err != nil {
				t.Errorf("%q is accepted with options that are not: %v", url, err)
			}
			return
		}
		if !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%q is refused with %v", url, err)
		}
		if _, rest, ok := strings.Cut(url, ":canary@"); ok && !strings.Contains(rest, "canary") && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q is refused with %v", url, err)
		}
	})
}

// A password that nobody escaped is in no error, whatever it is taken for.
func FuzzUnescapedPassword(f *testing.F) {
	storetest.FuzzPassword(f, "valkey://user:", "@host/", func(_ *testing.T, url string) error {
		_, _, err := parse(url)
		return err
	})
}
