package winregistry

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestURLs(t *testing.T) {
	for url, want := range map[string]Options{
		"winregistry:":                                      {},
		"winregistry://":                                    {},
		"winregistry:///":                                   {},
		"winregistry://HKCU":                                {},
		"winregistry://hkcu/":                               {},
		"winregistry://HKCU/Software/x":                     {Path: `Software\x`},
		"winregistry:///Software/x":                         {Path: `Software\x`},
		`winregistry://HKCU/Software\x`:                     {Path: `Software\x`},
		"winregistry://HKCU/Software/My%20Company/a%2Fb":    {Path: `Software\My Company\a/b`},
		"winregistry://HKLM/Software/x?view=32":             {Hive: LocalMachine, Path: `Software\x`, View: View32},
		"winregistry://HKEY_LOCAL_MACHINE/Software?view=64": {Hive: LocalMachine, Path: "Software", View: View64},
		"winregistry://HKU/S-1-5-18/x?sync=true":            {Hive: Users, Path: `S-1-5-18\x`, Sync: true},
		"winregistry:?no_create=1&volatile=t&sync=false":    {NoCreate: true, Volatile: true},
	} {
		got, err := optionsOf(url)
		if err != nil || *got != want {
			t.Errorf("%s: %+v, %v; want %+v", url, got, err, want)
		}
	}
}

func TestRefusedURLs(t *testing.T) {
	const secret = "hunter2"
	for _, url := range []string{
		"", "%", "no scheme", "winregistry:Software", "winregistry://HKCR/x", "winregistry://user:" + secret + "@HKCU/x",
		"winregistry://HKCU:80/x", "winregistry://HKCU/x#" + secret, "winregistry://HKCU//x", "winregistry://HKCU/x/",
		`winregistry://HKCU/x\`, "winregistry://HKCU/x%00y", "winregistry://HKCU/%ff", "winregistry://HKCU/x?view=16",
		"winregistry://HKCU/x?view=64&view=64", "winregistry://HKCU/x?view=", "winregistry://HKCU/x?sync=" + secret,
		"winregistry://HKCU/x?other=1", "winregistry://HKCU/x?sync=%", "winregistry://HKCU/" + strings.Repeat("a/", 31) + "a",
	} {
		store, err := Open(t.Context(), url)
		var bare *core.Error
		if store != nil || !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &bare) || bare.Op != "open" {
			t.Errorf("Open(%q) = %v, %v; want ErrInvalidOptions", url, store, err)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error repeats the URL: %v", err)
		}
	}
}

func TestOpen(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(done, "winregistry:"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a context that is done = %v", err)
	}
	stores := core.Mux{"winregistry": Open}
	store, err := stores.Open(t.Context(), "winregistry://HKCU/Software/x")
	if runtime.GOOS == "windows" {
		if err != nil || core.Close(store) != nil {
			t.Errorf("Open = %v", err)
		}
		return
	}
	if store != nil || !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Open = %v, %v; want ErrUnsupported", store, err)
	}
}

func FuzzURL(f *testing.F) {
	f.Add("winregistry://HKCU/Software/x?view=64")
	f.Add("winregistry:///%5c%2f?sync=1")
	f.Fuzz(func(t *testing.T, url string) {
		options, err := optionsOf(url)
		if err != nil && !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%q: %v", url, err)
		}
		if err == nil && strings.HasPrefix(options.Path, "/") && !strings.Contains(strings.ToLower(url), "%2f") {
			t.Errorf("%q: the path is %q", url, options.Path)
		}
	})
}
