package vault

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/vault-client-go"
)

// request is what a server was sent.
type request struct {
	method, path, query, body string
	header                    http.Header
}

// answer is what a server says to it.
type answer struct {
	status int
	body   string
}

// server answers as a test says, and keeps the requests.
type server struct {
	t      *testing.T
	url    string
	answer func(request) answer

	// bare says that the answer is the test's also where a store asks what is
	// mounted. By default that is KV version 2, and no request of the test's.
	bare bool

	mutex    sync.Mutex
	requests []request
}

func newServer(t *testing.T, say func(request) answer) *server {
	t.Helper()
	s := &server{t: t, answer: say}
	listening := httptest.NewServer(s)
	t.Cleanup(listening.Close)
	s.url = listening.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	got := request{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header}
	if !s.bare && strings.HasPrefix(got.path, mountPath) {
		_, _ = fmt.Fprintf(w, `{"data":{"path":"%s/","type":"kv","options":{"version":"2"}}}`, strings.TrimPrefix(got.path, mountPath))
		return
	}
	s.mutex.Lock()
	s.requests = append(s.requests, got)
	s.mutex.Unlock()
	said := s.answer(got)
	if said.status == http.StatusFound && said.body != "" {
		w.Header().Set("Location", "/"+said.body)
	}
	w.WriteHeader(said.status)
	if said.status != http.StatusNoContent {
		_, _ = io.WriteString(w, said.body)
	}
}

// sent returns the requests so far, and forgets them.
func (s *server) sent() []request {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	sent := s.requests
	s.requests = nil
	return sent
}

// mountPath is where a store asks what is mounted.
const mountPath = "/v1/sys/internal/ui/mounts/"

// testToken must not show in any error.
const testToken = "s.secret-token"

// store returns a store on the server whose client repeats nothing.
func (s *server) store(options *Options) *Store {
	s.t.Helper()
	client, err := vault.New(vault.WithAddress(s.url), vault.WithRetryConfiguration(vault.RetryConfiguration{RetryMax: -1}))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := client.SetToken(testToken); err != nil {
		s.t.Fatal(err)
	}
	store, err := New(client, options)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = store.Close() })
	return store
}
