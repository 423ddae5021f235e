module github.com/go-keyvalue/keyvalue/adapters

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/go-keyvalue/keyvalue/memory v0.1.0
)

replace (
	github.com/go-keyvalue/keyvalue/core => ../core
	github.com/go-keyvalue/keyvalue/memory => ../memory
)
