package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// server is everything that the program serves.
type server struct {
	handler http.Handler
	tokens  *Tokens
	lookups atomic.Int64 // calls that were not answered from the store
}

type weatherInput struct {
	City string `json:"city" jsonschema:"name of the city"`
}

type weatherOutput struct {
	City    string `json:"city"`
	Degrees int    `json:"degrees" jsonschema:"temperature in degrees Celsius"`
}

// newServer makes a server with one tool. The store may be any: tokens are
// encrypted on their way to it.
func newServer(store core.Store, key []byte) (*server, error) {
	secret, err := wrappers.NewEncryptionKey("mcp", key)
	if err != nil {
		return nil, err
	}
	encrypted, err := wrappers.NewEncryption(store, &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{secret}})
	if err != nil {
		return nil, err
	}
	tokens, err := newTokens(encrypted)
	if err != nil {
		return nil, err
	}
	s := &server{tokens: tokens}

	tools := mcp.NewServer(&mcp.Implementation{Name: "weather", Version: "1.0.0"}, nil)
	mcp.AddTool(tools, &mcp.Tool{Name: "weather", Description: "how warm it is in a city"}, s.weather)
	tools.AddReceivingMiddleware(cacheToolResults(store, time.Minute))

	stream := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return tools }, nil)
	mux := http.NewServeMux()
	mux.Handle("/mcp", auth.RequireBearerToken(s.tokens.Verify, nil)(stream))
	s.handler = mux
	return s, nil
}

// weather stands for a tool whose answer takes long, or costs money.
func (s *server) weather(_ context.Context, _ *mcp.CallToolRequest, in weatherInput) (*mcp.CallToolResult, weatherOutput, error) {
	s.lookups.Add(1)
	return nil, weatherOutput{City: in.City, Degrees: len(in.City)}, nil
}
