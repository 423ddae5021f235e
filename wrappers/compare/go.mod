module github.com/go-keyvalue/keyvalue/wrappers/compare

go 1.25.0

require (
	github.com/fernet/fernet-go v0.0.0-20240119011108-303da6aec611
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/go-keyvalue/keyvalue/memory v0.1.0
	github.com/go-keyvalue/keyvalue/wrappers v0.1.0
)

require (
	github.com/klauspost/compress v1.20.4 // indirect
	github.com/sony/gobreaker/v2 v2.4.0 // indirect
	golang.org/x/time v0.15.0 // indirect
)

replace (
	github.com/go-keyvalue/keyvalue/core => ../../core
	github.com/go-keyvalue/keyvalue/memory => ../../memory
	github.com/go-keyvalue/keyvalue/wrappers => ..
)
