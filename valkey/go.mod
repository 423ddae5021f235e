module github.com/go-keyvalue/keyvalue/valkey

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/valkey-io/valkey-go v1.0.79
)

require golang.org/x/sys v0.47.0 // indirect

replace github.com/go-keyvalue/keyvalue/core => ../core
