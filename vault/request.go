package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/vault-client-go"
)

// path returns where the server has something about a secret. What is data,
// metadata or destroy. It is a whole path: the driver would take a mount called v1
// for the version of the API.
func (b *backend) path(what, secret string) string {
	return "/v1/" + escapePath(b.options.Mount) + "/" + what + "/" + url.PathEscape(secret)
}

// escapePath escapes all of a path but its slashes.
func escapePath(path string) string {
	return strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
}

// read sends a GET request and returns the data of the answer. The driver makes
// json.Number of numbers.
func (b *backend) read(ctx context.Context, path string) (map[string]any, error) {
	answer, err := b.client.Read(ctx, path, b.request...)
	return dataOf(answer), err
}

// write sends a POST request and returns the data of the answer.
func (b *backend) write(ctx context.Context, path string, body []byte) (map[string]any, error) {
	answer, err := b.client.WriteFromBytes(ctx, path, body, b.request...)
	return dataOf(answer), err
}

// dataOf returns the data of an answer, which is none where it has no content.
func dataOf(answer *vault.Response[map[string]any]) map[string]any {
	if answer == nil {
		return nil
	}
	return answer.Data
}

// list returns the names of all secrets that this library may have made. The
// server has no pages. Folders end in a slash, which no such name contains.
func (b *backend) list(ctx context.Context) ([]string, error) {
	answer, err := b.client.List(ctx, b.path("metadata", ""), b.request...)
	if _, ok := notThere(err); ok {
		return nil, nil
	}
	if err != nil {
		return nil, failure(err)
	}
	keys, ok := dataOf(answer)["keys"].([]any)
	if !ok {
		return nil, errors.New("the answer has no list of names")
	}
	secrets := make([]string, 0, len(keys))
	for _, key := range keys {
		if name, ok := key.(string); ok {
			if _, _, ok := splitName(name); ok {
				secrets = append(secrets, name)
			}
		}
	}
	return secrets, nil
}

// Ping asks the server for its health. A server that stands by is in health; one
// that is sealed, or has not been initialized, is an error.
func (b *backend) Ping(ctx context.Context) error {
	if b.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, b.timeout)
		defer cancel()
	}
	// By default it answers with other statuses, some of which the driver
	// would ask about again.
	statuses := url.Values{"standbyok": {"true"}, "perfstandbyok": {"true"}, "sealedcode": {"200"}, "uninitcode": {"200"}}
	response, err := b.client.ReadRaw(ctx, "sys/health", vault.WithQueryParameters(statuses),
		vault.WithRequestCallbacks(func(request *http.Request) {
			request.Header.Del("X-Vault-Namespace") // it is asked without
		}))
	if err != nil {
		return failure(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %d %s", response.StatusCode, http.StatusText(response.StatusCode))
	}
	var health struct{ Initialized, Sealed *bool }
	switch err := json.NewDecoder(response.Body).Decode(&health); {
	case err != nil || health.Initialized == nil || health.Sealed == nil:
		return errors.New("the server does not tell its health")
	case !*health.Initialized:
		return errors.New("the server is not initialized")
	case *health.Sealed:
		return errors.New("the server is sealed")
	}
	return nil
}
