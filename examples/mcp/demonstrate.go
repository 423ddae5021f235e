package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// demonstrate serves on a free port of the loopback interface, and is its own
// client.
func demonstrate(ctx context.Context, s *server) error {
	web := httptest.NewServer(s.handler)
	defer web.Close()

	if _, err := connect(ctx, web.URL, "a guess"); err == nil {
		return fmt.Errorf("a token that nobody issued is accepted")
	}
	fmt.Println("without a token: refused")

	token, err := s.tokens.Issue(ctx, "ada", time.Minute)
	if err != nil {
		return err
	}
	session, err := connect(ctx, web.URL, token)
	if err != nil {
		return err
	}
	defer session.Close()
	for range 2 {
		answer, err := ask(ctx, session, "Reykjavík")
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d degrees, after %d lookups\n", answer.City, answer.Degrees, s.lookups.Load())
	}
	return nil
}

// connect begins a session with the server.
func connect(ctx context.Context, url, token string) (*mcp.ClientSession, error) {
	client := mcp.NewClient(&mcp.Implementation{Name: "demonstration", Version: "1.0.0"}, nil)
	return client.Connect(ctx, &mcp.StreamableClientTransport{
		Endpoint: url + "/mcp", HTTPClient: &http.Client{Transport: bearer(token)}, DisableStandaloneSSE: true, MaxRetries: -1,
	}, nil)
}

// bearer sends a token with each request.
type bearer string

func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(request)
}

// ask calls the tool.
func ask(ctx context.Context, session *mcp.ClientSession, city string) (weatherOutput, error) {
	var answer weatherOutput
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "weather", Arguments: weatherInput{City: city}})
	if err != nil {
		return answer, err
	}
	if err := result.GetError(); err != nil {
		return answer, err
	}
	text, err := json.Marshal(result.StructuredContent)
	if err != nil {
		return answer, err
	}
	return answer, json.Unmarshal(text, &answer)
}
