package vault

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func TestOpen(t *testing.T) {
	t.Setenv("VAULT_TOKEN", testToken)
	for url, want := range map[string]struct {
		address string
		options Options
	}{
		"vault://vault.example":                 {"https://vault.example:8200", Options{Mount: "secret", MaxVersions: 1, MaxValue: DefaultMaxValue, Concurrency: DefaultConcurrency}},
		"vault://vault.example:443/":            {"https://vault.example:443", Options{Mount: "secret", MaxVersions: 1, MaxValue: DefaultMaxValue, Concurrency: DefaultConcurrency}},
		"vault+http://[::1]/team/kv/":           {"http://[::1]:8200", Options{Mount: "team/kv", MaxVersions: 1, MaxValue: DefaultMaxValue, Concurrency: DefaultConcurrency}},
		"vault://h:1/m?tls=false&namespace=a/b": {"http://h:1", Options{Mount: "m", Namespace: "a/b", MaxVersions: 1, MaxValue: DefaultMaxValue, Concurrency: DefaultConcurrency}},
		"vault://h/m?max_versions=-1&max_value=1000&concurrency=4&cull_names=true&timeout=5s&max_retries=0": {
			"https://h:8200", Options{Mount: "m", MaxVersions: -1, MaxValue: 1000, Concurrency: 4, CullNames: true},
		},
	} {
		store, err := Open(t.Context(), url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		defer core.Close(store)
		b, err := backendFor(url)
		if err != nil {
			t.Fatal(err)
		}
		if b.options != want.options {
			t.Errorf("%s has the options %+v, want %+v", url, b.options, want.options)
		}
		configuration := store.(*Store).Client().Configuration()
		if configuration.Address != want.address {
			t.Errorf("%s leads to %s, want %s", url, configuration.Address, want.address)
		}
		retries, timeout := 2, time.Minute
		if strings.Contains(url, "max_retries") {
			retries, timeout = 0, 5*time.Second
		}
		retry := configuration.RetryConfiguration
		if retry.RetryMax != retries || retry.RetryWaitMin != minRetryWait || retry.RetryWaitMax != maxRetryWait || configuration.RequestTimeout != timeout {
			t.Errorf("%s: up to %d repetitions after %v or more, within %v", url, retry.RetryMax, retry.RetryWaitMin, configuration.RequestTimeout)
		}
	}
}

// A URL that makes no sense is refused, and nothing of it is repeated.
func TestOpenRefuses(t *testing.T) {
	t.Setenv("VAULT_TOKEN", testToken)
	for _, url := range []string{
		"", "h:8200", "vault:", "vault:///secret", "vault://:8200/secret", "https://h/secret", "vault://h/%zz", "vault://h/secret#fragment",
		"vault://hidden:hidden@h/secret", "vault://h/a/../b", "vault://h/a//b", "vault://h/./a", "vault://h/caf%C3%A9",
		"vault://h/secret?unknown=hidden", "vault://h/secret?tls=hidden", "vault+http://h/secret?tls=true", "vault://h/secret?concurrency=-1", "vault://h/secret?cull_names=hidden", "vault://h/secret?tls=true&tls=true", "vault://h/secret?timeout=0s",
		"vault://h/secret?max_retries=-1", "vault://h/secret?max_retries=hidden", "vault://h/secret?max_value=-1", "vault://h/secret?max_versions=hidden",
		"vault://h/secret?namespace=a%20b", "vault://h/secret?token_file=/nonexistent/hidden", "vault://h/secret?ca_certificate=/nonexistent/hidden",
		"vault://h/secret?a;b", "vault://user:12?hidden@h", "vault://h/secret?token=hidden",
	} {
		store, err := Open(t.Context(), url)
		if err == nil {
			core.Close(store)
			t.Errorf("%s is taken", url)
			continue
		}
		var e *core.Error
		if !errors.Is(err, core.ErrInvalidOptions) || !errors.As(err, &e) || e.Op != "open" {
			t.Errorf("%s = %v, want ErrInvalidOptions", url, err)
		}
		for _, secret := range []string{"hidden", testToken} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s = %v, which repeats what it should not", url, err)
			}
		}
	}
	if _, err := New(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("New without a client = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, "vault://h"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a context that is done = %v", err)
	}
	t.Setenv("VAULT_TOKEN", "")
	if _, err := Open(t.Context(), "vault://h"); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("Open without a token = %v", err)
	}
	t.Setenv("VAULT_TOKEN", "hidden\n")
	if _, err := Open(t.Context(), "vault://h"); !errors.Is(err, core.ErrInvalidOptions) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("Open with a token that is none = %v", err)
	}
}

// The token is the file's, the certificate is checked against the file's, and the
// namespace is sent, but not with a question about the server's health.
func TestOpenConnects(t *testing.T) {
	t.Setenv("VAULT_TOKEN", "")
	var read, pinged http.Header
	listening := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/sys/health" {
			pinged = r.Header
			_, _ = w.Write([]byte(`{"initialized":true,"sealed":false}`))
			return
		}
		read = r.Header
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errors":[]}`))
	}))
	defer listening.Close()
	directory := t.TempDir()
	token, authority := filepath.Join(directory, "token"), filepath.Join(directory, "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: listening.Certificate().Raw})
	if err := errors.Join(os.WriteFile(token, []byte(testToken+"\n"), 0o600), os.WriteFile(authority, certificate, 0o600)); err != nil {
		t.Fatal(err)
	}
	host := "vault://" + strings.TrimPrefix(listening.URL, "https://")
	store, err := Open(t.Context(), host+"?namespace=team&token_file="+token+"&ca_certificate="+authority)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(store)
	if err := core.Ping(t.Context(), store); err != nil {
		t.Error(err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want a miss", err)
	}
	if read.Get("X-Vault-Token") != testToken || read.Get("X-Vault-Namespace") != "team" {
		t.Errorf("sent the token %q and the namespace %q", read.Get("X-Vault-Token"), read.Get("X-Vault-Namespace"))
	}
	if pinged.Get("X-Vault-Namespace") != "" {
		t.Error("Ping asks within the namespace")
	}

	unknown, err := Open(t.Context(), host+"?max_retries=0&token_file="+token)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(unknown)
	if _, err := unknown.Get(t.Context(), "c", "k"); err == nil || errors.Is(err, core.ErrNotFound) {
		t.Errorf("Get from a server whose certificate nobody has signed = %v, want an error", err)
	}
}

// A password that nobody escaped is in no error, whatever it is taken for.
func FuzzUnescapedPassword(f *testing.F) {
	storetest.FuzzPassword(f, "vault://user:", "@host/", func(_ *testing.T, url string) error {
		_, err := parse(url)
		return err
	})
}
