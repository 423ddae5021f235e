package servers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// Elasticsearch is one server without security.
var Elasticsearch = &Kind{
	Name:    "elasticsearch",
	program: "elasticsearch", environment: "ELASTICSEARCH_SERVER", arguments: elasticsearchArguments,
	family: true, slow: true,
	image: "elasticsearch:8.19.21", port: "9200/tcp",
	variables: map[string]string{
		"discovery.type": "single-node", "xpack.security.enabled": "false", "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
		"cluster.routing.allocation.disk.threshold_enabled": "false",
	},
	url:     func(address string) string { return "http://" + address },
	version: elasticsearchVersion,
}

// elasticsearchArguments are those of the program that .ci/servers makes.
func elasticsearchArguments(port int, _ string) []string { return []string{strconv.Itoa(port)} }

// elasticsearchVersion does not ask for "/", which some distributions refuse.
func elasticsearchVersion(ctx context.Context, address string) (string, error) {
	response, err := get(ctx, "http://"+address+"/_nodes?filter_path=nodes.*.version")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("it answers %s", response.Status)
	}
	var answer struct {
		Nodes map[string]struct{ Version string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	for _, node := range answer.Nodes {
		return "Elasticsearch " + node.Version, nil
	}
	return "", errors.New("it has no nodes yet")
}

// get sends a GET request that ends with the context.
func get(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(request)
}
