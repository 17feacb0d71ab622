package contract

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// graphQLRequest is the body of POST /graphql.
type graphQLRequest struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// graphQLAnswer is what comes back.
type graphQLAnswer struct {
	Data   map[string]any `json:"data"`
	Errors []graphQLError `json:"errors"`
}

// graphQLError is one error of an answer: GitHub adds type to what GraphQL prescribes.
type graphQLError struct {
	Message    string           `json:"message"`
	Type       string           `json:"type,omitempty"`
	Path       []any            `json:"path,omitempty"`
	Locations  []map[string]int `json:"locations,omitempty"`
	Extensions map[string]any   `json:"extensions,omitempty"`
}

// query judges a GraphQL exchange by GitHub's public schema.
func (c *Checker) query(e exchange) {
	schema, err := c.d.graphql()
	if err != nil {
		c.report(e.where(), []string{"the schema cannot be used: " + err.Error()})
		return
	}
	operation, wrong := judgeQuery(schema, e.Sent)
	c.report(e.where(), wrong)
	if operation != nil && e.Status == http.StatusOK {
		c.report(e.where(), c.d.once(func() []string { return judgeData(schema, operation, e.Body) },
			"graphql", e.Sent, alike(e.Body)))
	}
}

// judgeQuery reads a request strictly: fields, arguments, variables and their types.
func judgeQuery(schema *ast.Schema, body []byte) (*ast.OperationDefinition, []string) {
	var q graphQLRequest
	if err := strictly(body, &q); err != nil {
		return nil, []string{"request: " + err.Error()}
	}
	doc, errs := gqlparser.LoadQueryWithRules(schema, q.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		var wrong []string
		for _, err := range errs {
			wrong = append(wrong, oneLine("query: "+err.Error()))
		}
		return nil, wrong
	}
	operation := doc.Operations.ForName(q.OperationName)
	if operation == nil {
		return nil, []string{"query: no operation of that name, or more than one"}
	}
	if _, err := validator.VariableValues(schema, operation, q.Variables); err != nil {
		return nil, []string{oneLine("variables: " + err.Error())}
	}
	for name := range q.Variables {
		if operation.VariableDefinitions.ForName(name) == nil {
			return nil, []string{"variables: $" + name + " is not declared by the query"}
		}
	}
	return operation, nil
}

// judgeData compares an answer with what was asked.
func judgeData(schema *ast.Schema, operation *ast.OperationDefinition, body []byte) []string {
	var a graphQLAnswer
	if err := strictly(body, &a); err != nil {
		return []string{"answer: " + err.Error()}
	}
	var wrong []string
	for _, err := range a.Errors {
		if err.Message == "" {
			wrong = append(wrong, "answer: an error without a message")
		}
	}
	if a.Data == nil {
		if len(a.Errors) == 0 {
			wrong = append(wrong, "answer: neither data nor errors")
		}
		return wrong
	}
	w := dataWalk{schema: schema, partial: len(a.Errors) > 0}
	w.object(rootType(schema, operation), operation.SelectionSet, a.Data, "data")
	return append(wrong, w.wrong...)
}

// rootType is where the selections of an operation begin.
func rootType(schema *ast.Schema, operation *ast.OperationDefinition) *ast.Definition {
	if operation.Operation == ast.Mutation {
		return schema.Mutation
	}
	return schema.Query
}

// strictly decodes JSON that may have no other keys.
func strictly(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	d.UseNumber()
	return d.Decode(into)
}
