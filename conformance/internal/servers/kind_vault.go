package servers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Vault is Vault or OpenBao, as a development server whose root token is
// "root": unsealed, with a KV version 2 engine at "secret", all in memory.
var Vault = &Kind{
	Name:    "vault",
	program: "bao", environment: "VAULT_SERVER", arguments: vaultArguments,
	image: "openbao/openbao:2", port: "8200/tcp",
	variables: map[string]string{"BAO_DEV_ROOT_TOKEN_ID": "root", "VAULT_DEV_ROOT_TOKEN_ID": "root"},
	url:       func(address string) string { return "http://" + address },
	version:   vaultVersion,
}

func vaultArguments(port int, _ string) []string {
	return []string{
		"server", "-dev", "-dev-no-store-token", "-dev-root-token-id=root",
		fmt.Sprintf("-dev-listen-address=127.0.0.1:%d", port),
	}
}

func vaultVersion(ctx context.Context, address string) (string, error) {
	response, err := get(ctx, "http://"+address+"/v1/sys/health")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("it answers %s", response.Status)
	}
	var health struct{ Version string }
	if err := json.NewDecoder(response.Body).Decode(&health); err != nil {
		return "", err
	}
	return "Vault or OpenBao " + health.Version, nil
}
