package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/go-keyvalue/keyvalue/core"
)

const toolResults = "tool-results"

// cacheToolResults answers calls of tools from the store where the same user
// has asked the same within that time. A store that fails costs the time of the
// tool, and nothing else.
func cacheToolResults(store core.Store, ttl time.Duration) mcp.Middleware {
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			call, ok := request.(*mcp.CallToolRequest)
			if !ok {
				return next(ctx, method, request)
			}
			key := callKey(call)
			entry, err := store.Get(ctx, toolResults, key)
			if err == nil {
				var result mcp.CallToolResult
				if err = json.Unmarshal(entry.Value, &result); err == nil {
					return &result, nil
				}
			}
			if !errors.Is(err, core.ErrNotFound) {
				slog.WarnContext(ctx, "the cache of tool results", "error", err)
			}
			result, err := next(ctx, method, request)
			if answer, ok := result.(*mcp.CallToolResult); ok && err == nil && !answer.IsError {
				value, err := json.Marshal(answer)
				if err == nil {
					err = store.Put(ctx, toolResults, key, value, ttl)
				}
				if err != nil {
					slog.WarnContext(ctx, "the cache of tool results", "error", err)
				}
			}
			return result, err
		}
	}
}

// callKey names a call by its user, tool and arguments. A hash, since a key
// shows in logs and errors, and arguments may be long.
func callKey(call *mcp.CallToolRequest) string {
	user := ""
	if call.Extra != nil && call.Extra.TokenInfo != nil {
		user = call.Extra.TokenInfo.UserID
	}
	// JSON keeps the three apart, whatever they contain.
	name, _ := json.Marshal([]any{user, call.Params.Name, call.Params.Arguments})
	sum := sha256.Sum256(name)
	return hex.EncodeToString(sum[:])
}
