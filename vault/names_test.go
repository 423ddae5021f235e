package vault

import (
	"net/url"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// What Vault would take for something else is encoded, all else is as in Python.
func TestSecretName(t *testing.T) {
	for _, c := range []struct{ collection, key, want string }{
		{"users", "ada", "users::ada"},
		{"users", "Ada Lovelace", "users::Ada Lovelace"},
		{"users", "100%?#&+=", "users::100%?#&+="},
		{"users", "x::y", "users::x::y"},
		{"users", "a/b", "users::~kv1~a%2fb"},
		{"users", "..", "users::~kv1~%2e%2e"},
		{"users", "ada ", "users::~kv1~ada%20"},
		{"users", "a\nb", "users::~kv1~a%0ab"},
		{"café", "k", "~kv1~caf%c3%a9::k"},
		{"a::b", "k", "~kv1~a%3a%3ab::k"},
		{"a:", "k", "~kv1~a%3a::k"},
	} {
		got := secretName(c.collection, c.key)
		if got != c.want {
			t.Errorf("%q in %q is the secret %q, want %q", c.key, c.collection, got, c.want)
		}
		if collection, key, ok := splitName(got); !ok || collection != c.collection || key != c.key {
			t.Errorf("%q is taken for %q in %q, %v", got, key, collection, ok)
		}
	}
	long := strings.Repeat("n", 1000)
	if collection, key, ok := splitName(secretName(long, long)); !ok || collection != "" || key != "" {
		t.Errorf("long names are told by the name of their secret: %q, %q, %v", collection, key, ok)
	}
	for _, name := range []string{"", "alone", "folder/", "a::", "::b", "a::b/", "~kv1~::k", "~kv1~zz::k", "c::~kv1~zz"} {
		if _, _, ok := splitName(name); ok {
			t.Errorf("%q is taken for a name of this store", name)
		}
	}
}

// The path of a mount is sent as it is, whatever it is called.
func TestPath(t *testing.T) {
	for mount, want := range map[string]string{
		"secret": "/v1/secret/data/a::b", "team/kv": "/v1/team/kv/data/a::b", "v1": "/v1/v1/data/a::b", "50%": "/v1/50%25/data/a::b",
	} {
		b := &backend{options: Options{Mount: mount}}
		if got := b.path("data", "a::b"); got != want {
			t.Errorf("the path on %q is %q, want %q", mount, got, want)
		}
	}
}

func FuzzSecretName(f *testing.F) {
	f.Add("users", "ada")
	f.Add("a::b", "c")
	f.Add("..", "/")
	f.Add("~kv1~", " ")
	f.Add("c", strings.Repeat("é", 200))
	f.Fuzz(func(t *testing.T, collection, key string) {
		if core.CheckCollection(collection) != nil || collection == "" || core.CheckKey(key) != nil {
			return // no names of an entry
		}
		name := secretName(collection, key)
		if len(name) > 457 || strings.Contains(name, "/") || strings.Contains(name, "..") || strings.TrimSpace(name) != name || name == "" {
			t.Fatalf("%q in %q is the secret %q", key, collection, name)
		}
		for i := range len(name) {
			if name[i] < ' ' || name[i] > '~' {
				t.Fatalf("%q in %q is the secret %q", key, collection, name)
			}
		}
		backCollection, backKey, ok := splitName(name)
		if !ok || backCollection != "" && backCollection != collection || backKey != "" && backKey != key {
			t.Fatalf("%q is %q in %q, %v; want %q in %q", name, backKey, backCollection, ok, key, collection)
		}
		if !isOurs(name, collection, key) || !strings.HasPrefix(name, prefixOf(collection)) {
			t.Fatalf("%q is not known for that of %q in %q", name, key, collection)
		}
		base := &url.URL{Scheme: "http", Host: "host"}
		whole, err := base.Parse((&backend{options: Options{Mount: "secret"}}).path("data", name))
		if err != nil || whole.Path != "/v1/secret/data/"+name || whole.RawQuery != "" || whole.Fragment != "" {
			t.Fatalf("the path of %q is %q, %v", name, whole.Path, err)
		}
	})
}
