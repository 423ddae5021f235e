package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// storeURLs are one of each kind that the server offers.
func storeURLs(t *testing.T) map[string]string {
	urls := map[string]string{"memory": "memory://", "null": "null://"}
	if url := os.Getenv("KEYVALUE_TEST_REDIS_URL"); url != "" {
		urls["redis"] = url
	} else if os.Getenv("KEYVALUE_TEST_REQUIRE") != "" {
		t.Error("KEYVALUE_TEST_REDIS_URL is not set")
	}
	return urls
}

// The same server works on each store that its user may choose: with a memory,
// the second question is answered from there.
func TestStores(t *testing.T) {
	t.Setenv("MCP_KEY", strings.Repeat("5a", 32))
	for name, url := range storeURLs(t) {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			key, err := encryptionKey(url)
			if err != nil {
				t.Fatal(err)
			}
			store, err := stores.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = core.Close(store) })
			s, err := newServer(store, key)
			if err != nil {
				t.Fatal(err)
			}
			web := httptest.NewServer(s.handler)
			t.Cleanup(web.Close)
			token, err := s.tokens.Issue(ctx, "ada", time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			session, err := connect(ctx, web.URL, token)
			if name == "null" { // it remembers nobody
				if err == nil {
					t.Fatal("a token that is not remembered is accepted")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			city := "Oslo " + token // nobody has asked for it yet
			for range 3 {
				answer, err := ask(ctx, session, city)
				if err != nil || answer.Degrees != len(city) {
					t.Fatalf("%+v, %v", answer, err)
				}
			}
			if got := s.lookups.Load(); got != 1 {
				t.Errorf("%d lookups for three equal questions, want 1", got)
			}
			if err := session.Close(); err != nil {
				t.Error(err)
			}
			if err := s.tokens.Revoke(ctx, token); err != nil {
				t.Fatal(err)
			}
			if _, err := connect(ctx, web.URL, token); err == nil {
				t.Error("a revoked token is accepted")
			}
		})
	}
}

// What lies in the store shows neither the token nor whose it is.
func TestTokensAreSecret(t *testing.T) {
	ctx := t.Context()
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(store, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.tokens.Issue(ctx, "ada", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for key, err := range core.Keys(ctx, store, "oauth-tokens") {
		if err != nil {
			t.Fatal(err)
		}
		entry, err := store.Get(ctx, "oauth-tokens", key)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(key+string(entry.Value), token) || strings.Contains(string(entry.Value), "ada") {
			t.Errorf("the store shows %s: %s", key, entry.Value)
		}
		found++
	}
	if found != 1 {
		t.Errorf("%d tokens in the store, want 1", found)
	}
}

// A store that is down is no proof that a token is invalid.
func TestStoreDown(t *testing.T) {
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(store, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.tokens.Verify(t.Context(), "unknown", nil); !errors.Is(err, auth.ErrInvalidToken) {
		t.Errorf("an unknown token: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tokens.Verify(t.Context(), "unknown", nil); err == nil || errors.Is(err, auth.ErrInvalidToken) {
		t.Errorf("with its store closed: %v", err)
	}
}

func TestEncryptionKey(t *testing.T) {
	t.Setenv("MCP_KEY", "too short")
	if _, err := encryptionKey("memory://"); err == nil || strings.Contains(err.Error(), "too short") {
		t.Errorf("a short key: %v", err)
	}
	t.Setenv("MCP_KEY", "") // so that it is restored
	os.Unsetenv("MCP_KEY")
	if _, err := encryptionKey("redis://localhost"); err == nil {
		t.Error("tokens in Redis under a key that dies with the process")
	}
	if err := run(context.Background(), "memory://", ""); err != nil {
		t.Error(err)
	}
}
