package elasticsearch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func TestOptions(t *testing.T) {
	for _, o := range []Options{
		{Prefix: "Upper"}, {Prefix: "-x"}, {Prefix: "_x"}, {Prefix: ".x"}, {Prefix: "a*"}, {Prefix: "a/b"}, {Prefix: "a,b"}, {Prefix: "é"},
		{Prefix: strings.Repeat("x", maxPrefix+1)}, {Refresh: "sometimes"}, {SingleIndex: true, V1Names: true},
	} {
		if _, err := New(&fake{}, &o); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("New with %+v = %v; want ErrInvalidOptions", o, err)
		}
	}
	for _, o := range []*Options{nil, {}, {Prefix: strings.Repeat("x", maxPrefix)}, {Prefix: "a.b-c_1", Refresh: RefreshWait}, {V1Names: true}} {
		if _, err := New(&fake{}, o); err != nil {
			t.Errorf("New with %+v = %v", o, err)
		}
	}
	if _, err := New(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("New without a client = %v; want ErrInvalidOptions", err)
	}
	if _, err := New((*fake)(nil), nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("New with a nil client = %v; want ErrInvalidOptions", err)
	}
}

func TestURLs(t *testing.T) {
	for url, want := range map[string][]string{
		"elasticsearch://localhost":                               {"http://localhost:9200"},
		"elasticsearch://a:1,b:2,c/prefix":                        {"http://a:1", "http://b:2", "http://c:9200"},
		"elasticsearchs://a":                                      {"https://a:9200"},
		"elasticsearch://user:p%40ss@a:1,b/p?tls=true":            {"https://a:1", "https://b:9200"},
		"elasticsearch://[::1]:1,[::2]":                           {"http://[::1]:1", "http://[::2]:9200"},
		"elasticsearch://a?refresh=wait_for&single_index=1":       {"http://a:9200"},
		"elasticsearch://a/p?no_create=true&v1_names=true":        {"http://a:9200"},
		"elasticsearch://a/p?api_key=VnVhQ2ZHY0JDZGJrUTptLWU3%3D": {"http://a:9200"},
	} {
		a, err := parseAddress(url)
		if err != nil || !slices.Equal(a.nodes, want) {
			t.Errorf("parseAddress(%q) = %v, %v; want %q", url, a, err, want)
		}
		if store, err := Open(t.Context(), url); err != nil || core.Close(store) != nil || core.Close(store) != nil {
			t.Errorf("Open(%q) = %v", url, err)
		}
	}
	a, err := parseAddress("elasticsearch://us%2Fer:p%40ss,word@a,b/my-prefix?refresh=true")
	if err != nil || a.user != "us/er" || a.password != "p@ss,word" || a.options != (Options{Prefix: "my-prefix", Refresh: RefreshNow}) {
		t.Errorf("parseAddress = %+v, %v", a, err)
	}
}

func TestIllegalURLs(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "canary")
	if err := os.WriteFile(empty, []byte("canary"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"", "canary", "http://canary", "elasticsearch:canary", "elasticsearch://", "elasticsearch:///canary", "elasticsearch://a,,b",
		"elasticsearch://a:canary", "elasticsearch://a:99999", "elasticsearch://a:0", "elasticsearch://a b", "elasticsearch://a/Canary",
		"elasticsearch://a/p/canary", "elasticsearch://a#canary", "elasticsearch://a?tls=canary", "elasticsearch://a?canary%zz",
		"elasticsearch://user:12?canary@a", "elasticsearch://a?unknown=canary", "elasticsearch://a?tls=1&tls=1",
		"elasticsearch://a?refresh=canary", "elasticsearch://canary:x@a?api_key=canary", "elasticsearch://a?ca_file=/canary/is/missing",
		"elasticsearch://a?ca_file=" + empty, "elasticsearch://a?single_index=1&v1_names=1", "elasticsearch://canary:canary%zz@a",
	} {
		_, err := Open(t.Context(), url)
		if !errors.Is(err, core.ErrInvalidOptions) || strings.Contains(strings.ToLower(err.Error()), "canary") {
			t.Errorf("Open(%q) = %v; want ErrInvalidOptions that repeats nothing", url, err)
		}
	}
}

func TestLimitsOfNames(t *testing.T) {
	store, _ := answering(t, fakeAnswer{status: 200, body: mgetMiss})
	for _, name := range [][2]string{{strings.Repeat("c", MaxCollection+1), "k"}, {"c", strings.Repeat("k", MaxKey+1)}} {
		if _, err := store.Get(t.Context(), name[0], name[1]); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("Get of names of %d and %d bytes = %v; want ErrInvalidKey", len(name[0]), len(name[1]), err)
		}
	}
	v1, err := New(&fake{}, &Options{V1Names: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v1.Get(t.Context(), "S_x", "k"); !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("Get from S_x = %v; want ErrInvalidKey, as in Python", err)
	}
}

// A password that nobody escaped is in no error, whatever it is taken for.
func FuzzUnescapedPassword(f *testing.F) {
	storetest.FuzzPassword(f, "elasticsearch://user:", "@host/", func(_ *testing.T, url string) error {
		_, err := parseAddress(url)
		return err
	})
}
