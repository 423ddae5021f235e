package wrappers

// operation is what a call does.
type operation uint8

const (
	opGet operation = iota // GetAppend is one too
	opGetMany
	opPut
	opPutMany
	opInsert
	opDelete
	opDeleteMany
	opKeys
	opDestroyCollection
	opCollections
	opDestroy
	opCull
	opSetup
	opPing
	operations int = iota
)

// String returns the name that core.Error.Op has for the operation.
func (o operation) String() string { return operationNames[o] }

var operationNames = [operations]string{
	opGet:               "get",
	opGetMany:           "get many",
	opPut:               "put",
	opPutMany:           "put many",
	opInsert:            "insert",
	opDelete:            "delete",
	opDeleteMany:        "delete many",
	opKeys:              "keys",
	opDestroyCollection: "destroy collection",
	opCollections:       "collections",
	opDestroy:           "destroy",
	opCull:              "cull",
	opSetup:             "setup",
	opPing:              "ping",
}

// ofCollection reports whether calls of the operation name a collection.
func (o operation) ofCollection() bool { return o <= opDestroyCollection }
