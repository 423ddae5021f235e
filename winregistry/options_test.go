package winregistry

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		what    string
		options *Options
		legal   bool
	}{
		{"nil", nil, true},
		{"zero", &Options{}, true},
		{"all", &Options{Hive: Users, Path: `S-1-5-18\Software\x`, View: View32, NoCreate: true, Volatile: true, Sync: true}, true},
		{"one name", &Options{Path: "Software"}, true},
		{"longest name", &Options{Path: strings.Repeat("é", 255)}, true},
		{"most names", &Options{Path: strings.Repeat(`a\`, maxLevels-1) + "a"}, true},
		{"name too long", &Options{Path: `a\` + strings.Repeat("😀", 128)}, false},
		{"too many names", &Options{Path: strings.Repeat(`a\`, maxLevels) + "a"}, false},
		{"backslash first", &Options{Path: `\Software`}, false},
		{"backslash last", &Options{Path: `Software\`}, false},
		{"two backslashes", &Options{Path: `Software\\x`}, false},
		{"NUL", &Options{Path: "Software\x00x"}, false},
		{"invalid UTF-8", &Options{Path: "Software\xff"}, false},
		{"hive beyond", &Options{Hive: Users + 1}, false},
		{"hive below", &Options{Hive: -1}, false},
		{"view beyond", &Options{View: View32 + 1}, false},
		{"view below", &Options{View: -1}, false},
	} {
		store, err := New(c.options)
		want := core.ErrInvalidOptions
		if c.legal {
			want = nil
			if runtime.GOOS != "windows" {
				want = errors.ErrUnsupported
			}
		}
		if !errors.Is(err, want) || (err == nil) != (want == nil) || (store == nil) != (want != nil) {
			t.Errorf("%s: New = %v, %v; want %v", c.what, store, err, want)
		}
		var bare *core.Error
		if err != nil && (!errors.As(err, &bare) || bare.Op != "new" || bare.Store != "winregistry") {
			t.Errorf("%s: New = %#v; want a *core.Error", c.what, err)
		}
		if store != nil {
			store.Close()
		}
	}
}

func TestHiveNames(t *testing.T) {
	for hive, want := range map[Hive]string{
		CurrentUser: "HKEY_CURRENT_USER", LocalMachine: "HKEY_LOCAL_MACHINE", Users: "HKEY_USERS", 7: "Hive(7)", -1: "Hive(-1)",
	} {
		if hive.String() != want {
			t.Errorf("Hive(%d).String() = %q, want %q", int(hive), hive, want)
		}
	}
}
