package dynamodb

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// condition is what must hold of the item under a primary key for a write to
// be performed. The names of attributes stand behind `#`, since DynamoDB
// reserves some of them.
type condition struct {
	expression *string
	names      map[string]string
	values     item
}

// absent holds where there is no item.
var absent = condition{
	expression: aws.String("attribute_not_exists(#key)"),
	names:      map[string]string{"#key": keyAttribute},
}

// present holds where there is an item.
var present = condition{
	expression: aws.String("attribute_exists(#key)"),
	names:      map[string]string{"#key": keyAttribute},
}

// unchanged holds where the item is still the same, as far as it decides what
// the entry is and when it expires.
func unchanged(i item) condition {
	c := condition{names: make(map[string]string, 2), values: make(item, 2)}
	first := c.same(i, "#value", ":value", valueAttribute)
	second := c.same(i, "#ttl", ":ttl", ttlAttribute)
	c.expression = aws.String(first + " AND " + second)
	if len(c.values) == 0 {
		c.values = nil // which DynamoDB refuses if it is empty
	}
	return c
}

// same returns an expression for that an attribute is as it is in the item.
func (c *condition) same(i item, name, placeholder, attribute string) string {
	c.names[name] = attribute
	value, ok := i[attribute]
	if !ok {
		return "attribute_not_exists(" + name + ")"
	}
	c.values[placeholder] = value
	return name + " = " + placeholder
}

// unmet reports whether the error says that a condition did not hold, and
// returns what was there instead: nothing, or the item if it was asked for.
func unmet(err error) (item, bool) {
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) {
		return nil, false
	}
	return failed.Item, true
}
