module github.com/go-keyvalue/keyvalue/examples

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/adapters v0.1.0
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/go-keyvalue/keyvalue/memory v0.1.0
	github.com/go-keyvalue/keyvalue/redis v0.1.0
	github.com/go-keyvalue/keyvalue/wrappers v0.1.0
	github.com/modelcontextprotocol/go-sdk v1.8.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/google/jsonschema-go v0.4.3 // indirect
	github.com/klauspost/compress v1.20.4 // indirect
	github.com/redis/go-redis/v9 v9.22.0 // indirect
	github.com/segmentio/asm v1.1.3 // indirect
	github.com/segmentio/encoding v0.5.4 // indirect
	github.com/sony/gobreaker/v2 v2.4.0 // indirect
	github.com/yosida95/uritemplate/v3 v3.0.2 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/oauth2 v0.35.0 // indirect
	golang.org/x/sync v0.20.0 // indirect
	golang.org/x/sys v0.41.0 // indirect
	golang.org/x/time v0.15.0 // indirect
)

replace (
	github.com/go-keyvalue/keyvalue/adapters => ../adapters
	github.com/go-keyvalue/keyvalue/core => ../core
	github.com/go-keyvalue/keyvalue/memory => ../memory
	github.com/go-keyvalue/keyvalue/redis => ../redis
	github.com/go-keyvalue/keyvalue/wrappers => ../wrappers
)
