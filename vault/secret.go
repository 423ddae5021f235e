package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"

	"github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
)

// secret is what the server has under a name. The zero secret is none.
type secret struct {
	text    []byte // of the entry; nil where the current version was deleted
	version int    // the current one

	// destroyed says that the data of the current version was removed for good.
	destroyed bool
}

// get reads a secret. One that is not there is the zero secret. What is no
// entry is core.ErrCorrupt, with its version.
func (b *backend) get(ctx context.Context, name string) (secret, error) {
	data, err := b.read(ctx, b.path("data", name))
	if s, ok := notThere(err); ok {
		return s, nil
	}
	if err != nil {
		return secret{}, failure(err)
	}
	metadata, _ := data["metadata"].(map[string]any)
	version, err := versionOf(metadata)
	if err != nil {
		return secret{}, err
	}
	fields, _ := data["data"].(map[string]any)
	text, ok := fields["value"].(string)
	if !ok {
		return secret{version: version}, fmt.Errorf("%w: the secret has no text named value", core.ErrCorrupt)
	}
	return secret{text: []byte(text), version: version}, nil
}

// notThere reports whether an answer says that there is no such secret, or that
// its current version was deleted, and returns what is left then. For a path
// without an engine the server has a message, and a proxy that does not reach it
// answers something else altogether.
func notThere(err error) (left secret, ok bool) {
	var response *vault.ResponseError
	if !errors.As(err, &response) || response.StatusCode != http.StatusNotFound || len(response.Errors) > 0 {
		return secret{}, false
	}
	var body struct {
		Errors *[]string `json:"errors"`
		Data   *struct {
			Metadata *struct {
				Version      int    `json:"version"`
				Destroyed    bool   `json:"destroyed"`
				DeletionTime string `json:"deletion_time"`
			} `json:"metadata"`
		} `json:"data"`
	}
	if err := json.Unmarshal(response.RawResponseBytes, &body); err != nil {
		return secret{}, false
	}
	if body.Data != nil && body.Data.Metadata != nil {
		// A secret whose metadata is just being removed is neither.
		if m := body.Data.Metadata; m.Destroyed || m.DeletionTime != "" {
			left = secret{version: m.Version, destroyed: m.Destroyed}
		}
		return left, true
	}
	return secret{}, body.Errors != nil
}

// put writes a secret. With cas it does so only over that version, where 0
// means that there is none.
func (b *backend) put(ctx context.Context, name string, text []byte, cas *int) error {
	body, err := secretBody(text, cas)
	if err != nil {
		return err
	}
	ctx, sent := counting(ctx)
	answer, err := b.write(ctx, b.path("data", name), body)
	if err != nil {
		return failure(err)
	}
	repeated := sent.Load() > 1 // the first attempt may have made version 1
	version, err := versionOf(answer)
	if err != nil {
		return err
	}
	if version == 1 || repeated {
		return b.limitVersions(ctx, name)
	}
	return nil
}

// counting returns a context that counts how often requests are sent: the driver
// repeats what failed.
func counting(ctx context.Context) (context.Context, *atomic.Int64) {
	count := new(atomic.Int64)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { count.Add(1) },
	}), count
}

// secretBody returns the body of a request that writes a secret.
func secretBody(text []byte, cas *int) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(len(text) + len(text)/4 + 64)
	body.WriteString(`{"options":{`)
	if cas != nil {
		body.WriteString(`"cas":` + strconv.Itoa(*cas))
	}
	body.WriteString(`},"data":{"value":`)
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // which would make six bytes of one
	if err := encoder.Encode(string(text)); err != nil {
		return nil, err
	}
	body.WriteString("}}")
	return body.Bytes(), nil
}

// limitVersions has the server keep no more versions than are wanted.
func (b *backend) limitVersions(ctx context.Context, name string) error {
	if b.options.MaxVersions <= 0 {
		return nil
	}
	_, err := b.write(ctx, b.path("metadata", name), fmt.Appendf(nil, `{"max_versions":%d}`, b.options.MaxVersions))
	if err != nil {
		return fmt.Errorf("the entry is written, but its versions are not limited: %w", failure(err))
	}
	return nil
}

// versionOf returns the version in an answer. An engine of version 1 has none.
func versionOf(answer map[string]any) (int, error) {
	number, _ := answer["version"].(json.Number)
	version, err := strconv.Atoi(number.String())
	if err != nil || version < 1 {
		return 0, errors.New("the answer has no version: the engine is not KV version 2")
	}
	return version, nil
}

// remove removes a secret with its metadata and all versions.
func (b *backend) remove(ctx context.Context, name string) error {
	_, err := b.client.Delete(ctx, b.path("metadata", name), b.request...)
	if _, ok := notThere(err); ok {
		return nil
	}
	return failure(err)
}

// destroy removes the data of a version and of those before it, and leaves later
// ones and the metadata.
func (b *backend) destroy(ctx context.Context, name string, version int) error {
	// The server ignores versions that it does not have.
	kept := max(b.options.MaxVersions, defaultVersions)
	versions := make([]int, 0, kept)
	for v := version; v > 0 && len(versions) < kept; v-- {
		versions = append(versions, v)
	}
	body, err := json.Marshal(map[string][]int{"versions": versions})
	if err != nil {
		return err
	}
	_, err = b.write(ctx, b.path("destroy", name), body)
	if _, ok := notThere(err); ok {
		return nil
	}
	return failure(err)
}

// defaultVersions is how many versions an engine keeps where it is not
// configured.
const defaultVersions = 10
