package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/vault-client-go"
)

// Setup looks, before the first write, whether the engine is KV version 2: one
// of version 1 would take the request for a secret with other fields. A token
// that may not ask goes on, and the write tells.
func (b *backend) Setup(ctx context.Context) error {
	mount, err := b.read(ctx, "sys/internal/ui/mounts/"+escapePath(b.options.Mount))
	if vault.IsErrorStatus(err, http.StatusForbidden) || vault.IsErrorStatus(err, http.StatusNotFound) {
		return nil
	}
	if err != nil {
		return failure(err)
	}
	if path, ok := mount["path"].(string); ok && path != b.options.Mount+"/" {
		return fmt.Errorf("the engine is mounted at %q, of which Mount is a part", path)
	}
	options, _ := mount["options"].(map[string]any)
	if mount["type"] != "kv" || options["version"] != "2" {
		return errors.New("the engine is not KV version 2")
	}
	return nil
}
