module github.com/go-keyvalue/keyvalue/wrappers

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/go-keyvalue/keyvalue/memory v0.1.0
	github.com/sony/gobreaker/v2 v2.4.0
	golang.org/x/time v0.15.0
)

require github.com/klauspost/compress v1.20.4

replace (
	github.com/go-keyvalue/keyvalue/core => ../core
	github.com/go-keyvalue/keyvalue/memory => ../memory
)
