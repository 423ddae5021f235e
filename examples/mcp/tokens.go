package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
)

// Tokens keeps the access tokens that an authorization server issues. In the
// store there is only the hash of a token, so that who reads it cannot use one,
// and whose it is.
type Tokens struct{ grants *adapters.Typed[grant] }

type grant struct {
	User   string   `json:"user"`
	Scopes []string `json:"scopes,omitempty"`
}

func newTokens(store core.Store) (*Tokens, error) {
	grants, err := adapters.NewTyped[grant](store, &adapters.TypedOptions{Collection: "oauth-tokens"})
	return &Tokens{grants}, err
}

// Issue makes a token for the user that is good for that time.
func (t *Tokens) Issue(ctx context.Context, user string, ttl time.Duration) (string, error) {
	token := rand.Text()
	return token, t.grants.Put(ctx, tokenKey(token), grant{User: user}, ttl)
}

// Revoke ends a token before its time.
func (t *Tokens) Revoke(ctx context.Context, token string) error {
	_, err := t.grants.Delete(ctx, tokenKey(token))
	return err
}

// Verify is an auth.TokenVerifier. Only a token that is not there is invalid;
// that the store cannot say is an error of the server.
func (t *Tokens) Verify(ctx context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
	found, remaining, _, err := t.grants.TTL(ctx, tokenKey(token))
	if errors.Is(err, core.ErrNotFound) {
		return nil, fmt.Errorf("%w: unknown or expired", auth.ErrInvalidToken)
	}
	if err != nil {
		return nil, err
	}
	return &auth.TokenInfo{UserID: found.User, Scopes: found.Scopes, Expiration: time.Now().Add(remaining)}, nil
}

func tokenKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
