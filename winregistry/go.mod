module github.com/go-keyvalue/keyvalue/winregistry

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/core v0.1.0
	golang.org/x/sys v0.40.0
)

replace github.com/go-keyvalue/keyvalue/core => ../core
