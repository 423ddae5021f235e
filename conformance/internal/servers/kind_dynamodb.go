package servers

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
)

// DynamoDB is Amazon DynamoDB Local.
var DynamoDB = &Kind{
	Name:    "dynamodb",
	program: "dynamodb-local", environment: "DYNAMODB_SERVER", arguments: dynamodbArguments,
	image: "amazon/dynamodb-local:3.3.1", port: "8000/tcp",
	url:     func(address string) string { return "http://" + address },
	version: dynamodbVersion,
}

// dynamodbArguments are those of the program that .ci/servers makes.
func dynamodbArguments(port int, dir string) []string { return []string{strconv.Itoa(port), dir} }

// dynamodbVersion finds out that the server answers. It tells no version but
// that of the web server in it.
func dynamodbVersion(ctx context.Context, address string) (string, error) {
	response, err := get(ctx, "http://"+address+"/")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusBadRequest || response.Header.Get("X-Amzn-Requestid") == "" {
		return "", fmt.Errorf("it answers %s, not as DynamoDB does", response.Status)
	}
	return "DynamoDB Local, " + response.Header.Get("Server"), nil
}
