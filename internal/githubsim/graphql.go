package githubsim

import (
	_ "embed" // the schema
	"encoding/json"
	"net/http"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

//go:embed graphql.graphql
var graphQLText string

// graphQLSchema is parsed when the first query comes.
var graphQLSchema = sync.OnceValues(func() (*ast.Schema, error) {
	return gqlparser.LoadSchema(&ast.Source{Name: "graphql.graphql", Input: graphQLText})
})

func graphQLRoutes() []route {
	return []route{{"POST", "/graphql", need{login: true}, (*call).graphQL}}
}

// gqlError is an error as GitHub's GraphQL writes it: in an answer with status 200.
type gqlError struct {
	Type      string              `json:"type,omitempty"` // "NOT_FOUND", "FORBIDDEN", "UNPROCESSABLE", …
	Path      []any               `json:"path,omitempty"`
	Locations []gqlerror.Location `json:"locations,omitempty"`
	Message   string              `json:"message"`
}

func (e *gqlError) Error() string { return e.Message }

// graphQL answers a query. What the schema does not have is refused, and remembered as a
// request that the simulator does not know.
func (c *call) graphQL() (answer, error) {
	c.write = false
	var in struct {
		Query         *string        `json:"query"`
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return answer{}, refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if in.Query == nil {
		return gqlRefusal(&gqlError{Message: "A query attribute must be specified and must be a string."}), nil
	}
	schema, err := graphQLSchema()
	if err != nil {
		return answer{}, err
	}
	doc, errs := gqlparser.LoadQueryWithRules(schema, *in.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return c.unknownQuery(errs), nil
	}
	op := doc.Operations.ForName(in.OperationName)
	if op == nil {
		return gqlRefusal(&gqlError{Message: "An operation name is required"}), nil
	}
	vars, err := validator.VariableValues(schema, op, in.Variables)
	if err != nil {
		return c.unknownQuery(gqlerror.List{gqlerror.Wrap(err)}), nil
	}
	return c.execute(schema, op, vars), nil
}

// execute runs an operation. A mutation counts as a write.
func (c *call) execute(schema *ast.Schema, op *ast.OperationDefinition, vars map[string]any) answer {
	q := &gqlRun{call: c, schema: schema, vars: vars}
	root := schema.Query
	if op.Operation == ast.Mutation {
		root, c.write = schema.Mutation, true
	}
	data, _ := q.object(root, op.SelectionSet, nil)
	body := object{"data": data}
	if len(q.errors) > 0 {
		body["errors"] = q.errors
	}
	return ok(body)
}

// unknownQuery refuses a query that does not fit the schema.
func (c *call) unknownQuery(errs gqlerror.List) answer {
	var list []*gqlError
	for _, e := range errs {
		c.violations = append(c.violations, "GraphQL: "+e.Message)
		list = append(list, &gqlError{Message: e.Message, Locations: slices.Clone(e.Locations)})
	}
	return gqlRefusal(list...)
}

func gqlRefusal(errs ...*gqlError) answer { return ok(object{"errors": errs}) }
